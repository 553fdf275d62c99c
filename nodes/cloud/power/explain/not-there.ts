import { condition, isOffUnnoticed } from '../../api/server';
import type { Failure } from '../../words/failure';
import { HINTS } from '../../words/hints';
import type { Journey, Rules } from '../journey';
import { doingWords, failure, labelOf, mayBeTaken, waitField } from './failure';
import { GUEST_OFF_HINT, RUN_AGAIN, wayOut } from './hints';

/** Why a server that the cloud shows is not in the state that was asked for. */

/** In a state in which the cloud does not take the action. */
export function wrongState(journey: Journey, rules: Rules): Failure {
	const { verb } = rules.action.words;
	const status = journey.seen?.status ?? 'in another state';
	const why = journey.seen?.fault ? ` (${journey.seen.fault})` : '';
	const message = `${labelOf(journey)} cannot ${verb} while it is ${status}${why}`;
	return failure(journey, 'wrongState', message, {
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
	const message = `${labelOf(journey)} is already ${action.words.wanted}`;
	return failure(journey, 'wrongState', message, {
		fault: journey.refusal?.fault,
		hint: "Turn off 'Fail If Already Done' in Options if this is fine",
		quote: false,
	});
}

/** Something else is under way, and it is not ours to wait for. */
export function busy(journey: Journey, rules: Rules): Failure {
	const { verb } = rules.action.words;
	const doing = doingWords(journey.seen, rules);
	return failure(journey, 'busy', `${labelOf(journey)} did not ${verb}, because it is ${doing}`, {
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
	const { verb } = rules.action.words;
	const status = journey.seen?.status ?? 'idle';
	const message = `${labelOf(journey)} did not ${verb}, because something else was under way when it was asked; by now it is ${status}`;
	return failure(journey, 'busy', message, {
		fault: journey.refusal?.fault,
		hint: RUN_AGAIN,
		quote: false,
		end: mayBeTaken(journey, rules),
	});
}

/** The cloud took the action, and it did not work; `recorded` is what its list of actions says. */
export function failed(journey: Journey, rules: Rules, recorded?: string): Failure {
	const { verb } = rules.action.words;
	const status = journey.seen?.status ?? 'in its old state';
	const said = journey.seen?.fault ?? (recorded === 'Error' ? undefined : recorded);
	const because = said ? `: ${said}` : '';
	const message = `${labelOf(journey)} did not ${verb}: the cloud accepted the request, but it failed and the server is ${status}${because}`;
	return afterAll(journey, message, rules);
}

/** The cloud took the action, and the server looks well; but that proves nothing. */
export function unproven(journey: Journey, rules: Rules): Failure {
	const { verb } = rules.action.words;
	const status = journey.seen?.status;
	const message = `${labelOf(journey)} did not ${verb}: the cloud accepted the request, but nothing shows that it did and the server is ${status}`;
	return afterAll(journey, message, rules);
}

function afterAll(journey: Journey, message: string, rules: Rules): Failure {
	const { failed: reason, words } = rules.action;
	const out = journey.seen && wayOut(journey.seen.status, rules);
	return failure(journey, reason, message, { hint: out ?? words.failedHint });
}

/** The action worked, and something brought the server back. */
export function undone(journey: Journey, { action }: Rules): Failure {
	const { wanted, undone: why } = action.words;
	const message = `${labelOf(journey)} did not stay ${wanted}: it is ${journey.seen?.status} again, because ${why}`;
	return failure(journey, action.failed, message, {
		hint: "Look at the server's console log and at its list of actions in the cloud console",
	});
}

/** Deleted, or never there. */
export function gone(journey: Journey, { action }: Rules): Failure {
	const fault = journey.refusal?.fault;
	if (!journey.seen) {
		const message = `${labelOf(journey)} was not found`;
		return failure(journey, 'notFound', message, { fault, hint: HINTS.notFound });
	}
	const message = `${labelOf(journey)} was deleted before it could ${action.words.verb}`;
	const hint = 'If it is gone for good, take it out of the workflow';
	return failure(journey, 'notFound', message, { fault, hint });
}
