import type { Fault } from '../../api/answer';
import type { Reason } from '../../api/reason';
import type { Failure } from '../../words/failure';
import { HINTS } from '../../words/hints';
import { permissionsToRead } from '../../words/permissions';
import { meansCredential, TROUBLE_WORDS, unrepeated } from '../../words/quote';
import type { Journey, Refusal, Rules } from '../journey';
import { didNot, failure, it, mayBeTaken, waitField } from './failure';
import { hintFor, RUN_AGAIN } from './hints';

/** Why the cloud did not take the action, or does not let its end be seen. */

/** Given up before it was sent: at the first try, or after others. */
export function notSent(journey: Journey, { reason, fault }: Refusal, rules: Rules): Failure {
	if (journey.firstRequestAt !== undefined) {
		const before = reason === 'timedOut' ? journey.refusal : undefined;
		return gaveUp(journey, before ?? { reason, fault }, rules);
	}
	const why = fault.explanation?.why ?? `the cloud ${TROUBLE_WORDS[reason] ?? 'gave no answer'}`;
	const head = ` was not asked to ${rules.action.words.verb}, because ${why}`;
	const hint = hintFor({ reason, fault }, rules);
	return failure(journey, reason, { head, why }, { fault, hint });
}

/** The cloud refused the action for good. */
export function refused(journey: Journey, rules: Rules): Failure {
	const refusal = journey.refusal ?? NO_REFUSAL;
	const { reason, fault } = refusal;
	const why = fault.explanation?.why ?? refusedWhy(refusal);
	const hint = hintFor(refusal, rules);
	if (reason === 'notFound' && !fault.explanation) {
		const told = unrepeated(fault, journey.serverId);
		return failure(journey, reason, it('was not found'), { fault: told, hint });
	}
	return failure(journey, reason, didNot(rules, why), { fault, hint });
}

function refusedWhy({ reason, fault, byJob }: Refusal): string {
	if (byJob === 'failed') return 'the cloud accepted the request, but it failed';
	if (reason === 'invalidInput' && meansCredential(fault)) {
		return 'the cloud does not accept the project or the endpoint of the credential';
	}
	return REFUSED_WHY[reason] ?? 'the cloud gave an answer that does not fit';
}

const REFUSED_WHY: Partial<Record<Reason, string>> = {
	unauthorized: 'the cloud refused the credential',
	forbidden: 'the user of the credential is not allowed to do that',
	quotaExceeded: 'the cloud has no capacity or no quota left for it',
	invalidInput: 'the cloud does not accept the request',
	unreachable: 'the request did not get through to the cloud',
};

/** The cloud had its chances: it slowed us down, was out, or kept refusing a server that looks fine. */
export function triesUsedUp(journey: Journey, rules: Rules): Failure {
	if (journey.refusal?.byJob === 'failed') return refused(journey, rules);
	return gaveUp(journey, journey.refusal ?? NO_REFUSAL, rules);
}

function gaveUp(journey: Journey, refusal: Refusal, rules: Rules): Failure {
	const { reason, fault } = refusal;
	const { mayBeTakenHint } = rules.action.words;
	const why = fault.explanation?.why ?? `the cloud ${TROUBLE_WORDS[reason] ?? 'kept refusing'}`;
	if (reason === 'timedOut' && journey.attempts === 0) return withoutTurn(journey, refusal, rules);
	const count = Math.max(journey.tries, journey.attempts);
	const tries = count <= 1 ? 'one try' : `${count} tries`;
	const first = journey.mayBeTaken ? mayBeTakenHint : undefined;
	return failure(journey, reason, didNot(rules, `${why} (${tries})`), {
		fault,
		hint: first ?? hintFor(refusal, rules),
		end: mayBeTaken(journey, rules),
	});
}

/** Others were asked for all its time, or it was not ready to be asked before. */
function withoutTurn(journey: Journey, { reason, fault }: Refusal, rules: Rules): Failure {
	const why = 'its turn did not come in time';
	const head = ` was not asked to ${rules.action.words.verb}, because ${why}`;
	return failure(
		journey,
		reason,
		{ head, why },
		{ fault, hint: hintFor({ reason, fault }, rules) },
	);
}

const NO_REFUSAL: Refusal = {
	reason: 'unexpectedResponse',
	fault: { message: '' },
};

/** Locked against everybody but administrators. */
export function locked(journey: Journey, rules: Rules): Failure {
	return failure(journey, 'locked', didNot(rules, 'it is locked', ' because '), {
		fault: journey.refusal?.fault,
		hint: HINTS.locked,
		quote: false,
	});
}

/** Refused for a lock that was taken off meanwhile, and no try is left. */
export function wasLocked(journey: Journey, rules: Rules): Failure {
	const why = 'it was locked when it was asked; by now it is not';
	return failure(journey, 'locked', didNot(rules, why, ' because '), {
		fault: journey.refusal?.fault,
		hint: RUN_AGAIN,
		quote: false,
	});
}

/** 401 or 403 on a look. */
export function mayNotLook(
	journey: Journey,
	{ reason, fault }: { reason: Reason; fault: Fault },
	rules: Rules,
): Failure {
	const { verb, wanted } = rules.action.words;
	const isLoggedOut = reason === 'unauthorized';
	const why = isLoggedOut
		? (fault.explanation?.why ?? 'the cloud no longer accepts the credential')
		: 'the user of the credential may not read servers';
	const hint = isLoggedOut
		? hintFor({ reason, fault }, rules)
		: `Allow the user to read servers (${permissionsToRead(fault)}), or turn off ${waitField(rules)}`;
	const words = journey.accepted
		? it(
				`was asked to ${verb}, and the cloud accepted, but whether it is ${wanted} cannot be told: ${why}`,
			)
		: it(`may or may not ${verb}: ${why}`);
	return failure(journey, reason, words, { fault, hint });
}
