import { condition, isOffUnnoticed } from '../../api/server';
import type { Failure } from '../../words/failure';
import { HINTS, inConsole } from '../../words/hints';
import { unrepeated } from '../../words/quote';
import type { Journey, Rules } from '../journey';
import { didNot, doingWords, failure, it, mayBeTaken, waitField } from './failure';
import { GUEST_OFF_HINT, RUN_AGAIN, wayOut } from './hints';

/** Why a server that the cloud shows is not in the state that was asked for. */

/** In a state in which the cloud does not take the action. */
export function wrongState(journey: Journey, rules: Rules): Failure {
	const { verb } = rules.action.words;
	const status = journey.seen?.status ?? 'in another state';
	const why = journey.seen?.fault ? ` (${journey.seen.fault})` : '';
	return failure(journey, 'wrongState', it(`cannot ${verb} while it is ${status}${why}`), {
		fault: journey.refusal?.fault,
		hint:
			wayOut(status, rules) ??
			'Bring the server into another state in the cloud console, then run this again',
		quote: false,
		end: mayBeTaken(journey, rules),
	});
}

/** There was nothing to do, and that counts as a failure. */
export function alreadyDone(journey: Journey, { action }: Rules): Failure {
	return failure(journey, 'wrongState', it(`is already ${action.words.wanted}`), {
		fault: journey.refusal?.fault,
		hint: "Turn off 'Fail If Already Done' in Options if this is fine",
		quote: false,
	});
}

/** Something else is under way, and it is not ours to wait for. */
export function busy(journey: Journey, rules: Rules): Failure {
	const words = didNot(rules, `it is ${doingWords(journey.seen, rules)}`, ', because ');
	return failure(journey, 'busy', words, {
		fault: journey.refusal?.fault,
		hint: busyHint(journey, rules),
		quote: false,
	});
}

function busyHint({ wait, seen }: Journey, rules: Rules): string {
	const { onTheWay, words } = rules.action;
	if (seen && isOffUnnoticed(seen)) return GUEST_OFF_HINT;
	if (words.busyHint && seen && condition(seen) === onTheWay) return words.busyHint;
	if (wait) return "Run this again in a moment, or raise 'Max Tries' in Options";
	return `Run this again in a moment, or turn on ${waitField(rules)} to wait for it`;
}

/** Refused for something that was under way and has ended, and no try is left. */
export function wasBusy(journey: Journey, rules: Rules): Failure {
	const status = journey.seen?.status ?? 'idle';
	const why = `something else was under way when it was asked; by now it is ${status}`;
	return failure(journey, 'busy', didNot(rules, why, ', because '), {
		fault: journey.refusal?.fault,
		hint: RUN_AGAIN,
		quote: false,
		end: mayBeTaken(journey, rules),
	});
}

/** The cloud took the action, and it did not work; `recorded` is what its list of actions says. */
export function failed(journey: Journey, rules: Rules, recorded?: string): Failure {
	const status = journey.seen?.status ?? 'in its old state';
	const said = journey.seen?.fault ?? (recorded === 'Error' ? undefined : recorded);
	const because = said ? `: ${said}` : '';
	const why = `the cloud accepted the request, but it failed and the server is ${status}${because}`;
	return afterAll(journey, why, rules);
}

/** The cloud took the action, and the server looks well; but that proves nothing. */
export function unproven(journey: Journey, rules: Rules): Failure {
	const status = journey.seen?.status;
	const why = `the cloud accepted the request, but nothing shows that it did and the server is ${status}`;
	return afterAll(journey, why, rules);
}

function afterAll(journey: Journey, why: string, rules: Rules): Failure {
	const { failed: reason, words } = rules.action;
	const out = journey.seen && wayOut(journey.seen.status, rules);
	return failure(journey, reason, didNot(rules, why), { hint: out ?? words.failedHint });
}

/** The action worked, and something brought the server back. */
export function undone(journey: Journey, { action }: Rules): Failure {
	const { wanted, undone: why } = action.words;
	const words = it(`did not stay ${wanted}: it is ${journey.seen?.status} again, because ${why}`);
	return failure(journey, action.failed, words, {
		hint: `Look at the server's console log and at its list of actions ${inConsole('server event list')}`,
	});
}

/** Deleted, or never there. */
export function gone(journey: Journey, { action }: Rules): Failure {
	const fault = journey.refusal && unrepeated(journey.refusal.fault, journey.serverId);
	if (!journey.seen) {
		return failure(journey, 'notFound', it('was not found'), { fault, hint: HINTS.notFound });
	}
	const hint = 'If it is gone for good, take it out of the workflow';
	const words = it(`was deleted before it could ${action.words.verb}`);
	return failure(journey, 'notFound', words, { fault, hint });
}
