/**
 * How many requests a second a cloud takes, found by asking: unlimited until it asks to slow down, then a little
 * below what it took in the second before, then slowly up again, as in the adaptive mode of smithy's
 * retry strategies. Times are the clock's milliseconds.
 */
export interface Rate {
	/** Infinity: no limit is known. */
	readonly perSecond: number;
	/** What it was when the cloud last asked to slow down, and for how long the cloud had been asked then. */
	readonly before: number;
	readonly measuredMs: number;
	/** When what the cloud asked for was over. */
	readonly resumesAt: number;
	/** How many requests it has refused at once then. */
	readonly refused: number;
	/** How many it has worked for since. */
	readonly held: number;
	/** That was little the last time, and is so for the second time. */
	readonly wasLittle: boolean;
	readonly trustsLittle: boolean;
	/** When the next request may go. */
	readonly nextAt: number;
	/** When the cloud worked for a request: within the last second, and since it asked to slow down. */
	readonly worked: readonly number[];
}

const SECOND_MS = 1_000;
/** A cloud over its limit refuses all that is under way; one that refuses a single request may mean that one. */
const LEAST_REFUSED = 3;

export const UNLIMITED: Rate = {
	perSecond: Infinity,
	before: Infinity,
	measuredMs: SECOND_MS,
	resumesAt: -Infinity,
	refused: 0,
	held: 0,
	wasLittle: false,
	trustsLittle: false,
	nextAt: -Infinity,
	worked: [],
};

/** The first limit is what the cloud was seen to take; a later one is below the one that has proved too high. */
const BELOW_MEASURED = 0.95;
const BELOW_LAST = 0.9;
/** A limit that has held for so long was right before it grew; one that has not even grown is not what the cloud means. */
const HELD_MS = 1_500;
/** Less than this measures nothing, unless it is so twice in a row: a cloud that refuses at random would be taken for ever slower. */
const LEAST_WORKED = 5;
const LEAST_MEASURED_MS = 200;
const LEAST_PER_SECOND = 1;
/** The limit rises by 5 % in 10 s, to be near the cloud's own for long … */
const GROWTH = 1.05;
/** … and doubles in 10 s once it has been kept for so long: it was found too low, or the cloud's has changed. */
const FASTER = 2;
const STEADY_MS = 30_000;
const GROWTH_MS = 10_000;
/** A cloud that has not asked to slow down for so long is taken for one that does not. */
const FORGET_MS = 60_000;

/** How many requests a second may go at a moment. */
export function perSecondAt({ perSecond, resumesAt }: Rate, now: number): number {
	const age = Math.max(0, now - resumesAt);
	if (age > FORGET_MS) return Infinity;
	const steady = Math.min(age, STEADY_MS);
	return perSecond * GROWTH ** (steady / GROWTH_MS) * FASTER ** ((age - steady) / GROWTH_MS);
}

/** When the next request may go: `now` at the earliest. */
export function dueAt(rate: Rate, now: number): number {
	return perSecondAt(rate, now) === Infinity ? now : Math.max(now, rate.nextAt);
}

/** A request goes out. */
export function afterSending(rate: Rate, now: number): Rate {
	const perSecond = perSecondAt(rate, now);
	if (perSecond === Infinity) return rate;
	return { ...rate, nextAt: dueAt(rate, now) + SECOND_MS / perSecond };
}

/** The cloud has worked for a request. */
export function afterWork(rate: Rate, now: number): Rate {
	// What was under way when the cloud asked to slow down counts with what it took before.
	if (now < rate.resumesAt) return limited({ ...rate, worked: [...rate.worked, now] });
	return { ...rate, held: rate.held + 1, worked: [...lately(rate, now), now] };
}

/** The cloud has asked to slow down; nothing is sent before `resumesAt`. */
export function afterSlowDown(rate: Rate, now: number, resumesAt: number): Rate {
	const { perSecond, held, wasLittle } = rate;
	const before = perSecondAt(rate, now);
	const slowed = {
		...rate,
		refused: 1,
		held: 0,
		wasLittle: held < LEAST_WORKED,
		trustsLittle: wasLittle,
		resumesAt,
		nextAt: resumesAt,
	};
	if (held > (perSecond * HELD_MS) / SECOND_MS) {
		return { ...slowed, perSecond: before > perSecond * GROWTH ? perSecond : perSecond * FASTER };
	}
	return limited({
		...slowed,
		before,
		measuredMs: Math.max(LEAST_MEASURED_MS, Math.min(SECOND_MS, now - rate.resumesAt)),
		worked: lately(rate, now),
	});
}

/** The cloud has refused another request that was under way when it asked to slow down. */
export function afterOneMore(rate: Rate): Rate {
	const more = { ...rate, refused: rate.refused + 1 };
	return rate.before === Infinity ? limited(more) : more;
}

/** The limit that follows from what the cloud took before it asked to slow down. */
function limited(rate: Rate): Rate {
	const { before, measuredMs, worked, trustsLittle, refused } = rate;
	if (before === Infinity && refused < LEAST_REFUSED) return { ...rate, perSecond: before };
	const isEnough = worked.length >= LEAST_WORKED || (trustsLittle && worked.length > 0);
	if (!isEnough) return { ...rate, perSecond: before };
	const measured = (worked.length * SECOND_MS) / measuredMs;
	const perSecond =
		before === Infinity
			? measured * BELOW_MEASURED
			: Math.min(before, Math.max(measured, before / 2)) * BELOW_LAST;
	return { ...rate, perSecond: Math.max(LEAST_PER_SECOND, perSecond) };
}

function lately({ worked, resumesAt }: Rate, now: number): number[] {
	const since = Math.max(resumesAt, now - SECOND_MS);
	return worked.filter((at) => at > since);
}
