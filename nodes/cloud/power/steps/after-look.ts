import { condition } from '../../api/server';
import type { Look } from '../../session/watch/waiters';
import { mayNotLook } from '../explain/not-taken';
import { gone } from '../explain/not-there';
import { tooLate } from '../explain/too-late';
import type { Journey, Rules } from '../journey';
import { askWhenDue, isBusy } from './before-acceptance';
import { ASK, fail, type Next } from './step';
import { wayOf } from './way-of';

/** What a look at the server leads to. */
export function afterLook(before: Journey, look: Look, rules: Rules, now: number): Next {
	const isAsked = before.lastRequestAt !== undefined;
	switch (look.kind) {
		case 'seen': {
			const { server } = look;
			const journey: Journey = { ...before, seen: server, seenAt: now };
			if (condition(server) === 'gone') return fail(journey, gone(journey, rules));
			const { afterSight, beforeFirstRequest } = wayOf(rules);
			return (isAsked ? afterSight : beforeFirstRequest)(journey, server, rules, now);
		}
		case 'gone':
			return fail(before, gone(before, rules));
		case 'refused':
			// Where a look before the first request cannot be had, the request goes out all the same.
			if (!isAsked) return [before, ASK];
			if (isBusy(before)) return askWhenDue(before, rules, now);
			return fail(before, mayNotLook(before, look, rules));
		case 'tooLate':
			if (!isAsked && !before.seen) return [before, ASK];
			return fail(before, tooLate(before, look.fault, rules));
	}
}
