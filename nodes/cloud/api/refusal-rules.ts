import { type Answered, type Explanation, type Fault, isObject } from './answer';
import { quotedRefusals, readError, readFault } from './fault';
import { explainProxy } from './intermediary';
import type { Reason } from './reason';
import { redirectTarget } from './redirect';

/** What an answer that is no acceptance comes to; its words are those of a verdict. */
export interface Rule {
	word: 'retry' | 'recheck' | 'fail';
	reason: Reason;
	taken?: 'no' | 'maybe';
	explanation?: Explanation;
}

const fail = (reason: Reason, explanation?: Explanation): Rule => ({
	word: 'fail',
	reason,
	explanation,
});
const retry = (reason: Reason, explanation?: Explanation): Rule => ({
	word: 'retry',
	reason,
	explanation,
});
/** Refused because of the server's state, which the words of the refusal do not tell reliably. */
export const CONFLICT = {
	word: 'recheck',
	reason: 'wrongState',
	taken: 'no',
} as const satisfies Rule;
/** Another command is being executed, of which the server need not show anything. */
const BUSY: Rule = { word: 'recheck', reason: 'busy', taken: 'no' };
/** No word from the cloud itself on whether it took the action. */
const lost = (reason: Reason): Rule => ({ word: 'recheck', reason, taken: 'maybe' });

/**
 * Only Nova and ECS can miss a server: any other 404 tells of a path that somebody before them does not know. To who
 * asks it is the same where a call is there for others alone.
 */
const NO_SUCH_CALL = fail('invalidInput');

/** Codes that say more than the HTTP status. OTC ECS API reference, "Error Codes"; Huawei APIG FAQ. */
const BY_CODE: ReadonlyArray<readonly [pattern: RegExp, rule: Rule]> = [
	[/^Common\.(0024|1503)$|^APIG(W)?\.0308$|^overLimit$/, retry('throttled')],
	[/^Ecs\.0100$|^Ecs\.0605$/, CONFLICT],
	// A batch failed, whatever it has begun with: only the servers can tell.
	[/^Ecs\.0611$/, lost('unavailable')],
	[/^Ecs\.0603$/, BUSY],
	[/^Ecs\.(000[02]|100[0-2]|1[12]00)$|^Common\.0001$/, lost('unavailable')],
	[/^Ecs\.0023$|^Common\.0018$/, fail('invalidInput')],
	[/^Ecs\.0(1|6)14$|^itemNotFound$/, fail('notFound')],
	[/^Ecs\.0319$/, fail('quotaExceeded')],
	[/^Common\.0013$|^APIG(W)?\.(0301|0602)$/, fail('unauthorized')],
	[/^Ecs\.0003$|^Ecs\.0110$|^Ecs\.00(6[6-9]|7[01])$|^Pdp\.0001$/, fail('forbidden')],
];

/** Such as from http to https: no redirect is followed, as it would take the proof along. */
const redirect = (target: string): Rule =>
	fail('unexpectedResponse', {
		why: `the endpoint redirects to ${target}`,
		hint: 'Put the address that it redirects to into the credential, if it is one of your cloud',
	});

/** The statuses of OTC's "Returned Values for General Requests" and their neighbours. */
const BY_STATUS: Readonly<Record<number, Rule>> = {
	400: fail('invalidInput'),
	401: fail('unauthorized'),
	403: fail('forbidden'),
	404: NO_SUCH_CALL,
	405: fail('invalidInput'),
	406: fail('unexpectedResponse'),
	408: lost('unreachable'),
	409: CONFLICT,
	410: NO_SUCH_CALL,
	413: retry('throttled'),
	429: retry('throttled'),
	500: lost('unavailable'),
	501: fail('unexpectedResponse'),
	502: lost('unavailable'),
	503: retry('unavailable'),
	504: lost('unavailable'),
};

/**
 * The rule for an answer that is no acceptance, and for the fault that it tells of. A code says most, then a proxy
 * that answered in the cloud's place, then the status. Total.
 */
export function ruleFor(answer: Answered, fault: Fault): Rule {
	const { status, body } = answer;
	const byCode = quotedRule(body) ?? ruleByCode(fault.code);
	if (byCode) return byCode;
	const proxy = explainProxy(answer);
	if (proxy) return status === 503 ? retry('unreachable', proxy) : fail('unreachable', proxy);
	if (isPassing(status, fault)) return lost('unavailable');
	if (status === 403 && meansQuota(fault)) return fail('quotaExceeded');
	if (status in BY_STATUS) return BY_STATUS[status];
	const target = redirectTarget(answer);
	if (target) return redirect(target);
	if (status >= 500) return lost('unavailable');
	return fail('unexpectedResponse');
}

/** Why a server failed in a job, where the job's code says more than that it failed. */
export function reasonOfJobFault(fault: Fault): Reason | undefined {
	const rule = ruleByCode(fault.code);
	if (rule === CONFLICT || rule === BUSY || rule?.word === 'fail') return rule.reason;
	return meansQuota(fault) ? 'quotaExceeded' : undefined;
}

function ruleByCode(code = ''): Rule | undefined {
	return BY_CODE.find(([pattern]) => pattern.test(code))?.[1];
}

/** What a quoted refusal comes to, by its code, or by the status that Nova writes into it. */
function quotedRule(body: unknown): Rule | undefined {
	for (const refusal of quotedRefusals(body)) {
		const byCode = ruleByCode(readError(refusal)?.code);
		if (byCode) return byCode;
		const status = Object.values(refusal).find(isObject)?.code;
		if (typeof status !== 'number' || !(status in BY_STATUS)) continue;
		const fault = readFault({ kind: 'answered', status, headers: {}, body: refusal });
		return status === 403 && meansQuota(fault) ? fail('quotaExceeded') : BY_STATUS[status];
	}
	return undefined;
}

function meansQuota({ message }: Fault): boolean {
	return /quota/i.test(message);
}

/** ECS v1 says so of failures of its own too, which it answers with the 400 of a bad request. */
function isPassing(status: number, { message, code = '' }: Fault): boolean {
	const isWrongStatus = status === 400 || status === 501;
	return isWrongStatus && /^Ecs\./.test(code) && /\btry again later\b/i.test(message);
}
