import { retryAfterMs } from './retry-after';
import {
	type Answer,
	type Answered,
	type Explanation,
	type Fault,
	isBlank,
	isHtml,
	isObject,
	type Lost,
	type NotSent,
	UNTRUSTED_CERTIFICATE,
} from './answer';
import { oneLine, quotedRefusals, readError, readFault, requestId, saysError } from './fault';
import { explainProxy } from './intermediary';
import type { Reason } from './reason';
import { redirectTarget } from './redirect';

/**
 * What the answer to an action means:
 * - `accepted`: the cloud took it (not: it is done)
 * - `retry`: the cloud did not take it, and may take it later
 * - `recheck`: only the server itself can tell; `taken` says whether this request may be at work
 * - `fail`: it will not be taken
 * - `notSent`: it was given up before it was sent
 * `unsent`: the credential gave nothing to send it with. `named`: the cloud says when to come back.
 */
export type Verdict =
	| { word: 'accepted'; requestId?: string }
	| { word: 'retry'; reason: Reason; fault: Fault; unsent?: boolean; named?: boolean }
	| { word: 'recheck'; reason: Reason; fault: Fault; taken: 'no' | 'maybe' }
	| { word: 'fail'; reason: Reason; fault: Fault; unsent?: boolean }
	| { word: 'notSent'; reason: Reason; fault: Fault };

/** What an answer that is no acceptance means. */
export type Refused = Exclude<Verdict, { word: 'accepted' | 'notSent' }>;

type Rule = Pick<Refused, 'word' | 'reason'> & {
	taken?: 'no' | 'maybe';
	explanation?: Explanation;
};

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
const CONFLICT: Rule = { word: 'recheck', reason: 'wrongState', taken: 'no' };
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
	// Another command is being executed: it was not taken, and may be in a minute.
	[/^Ecs\.0603$/, retry('busy')],
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

/** Judges the answer to an action on a server. Total: every possible answer gets a verdict. */
export function verdict(answer: Answer | NotSent): Verdict {
	if (answer.kind === 'notSent') {
		return { word: 'notSent', reason: answer.reason, fault: answer.fault };
	}
	if (answer.kind === 'lost') {
		const fault = { code: answer.code, message: oneLine(answer.message) };
		if (answer.refusal) {
			const { reason, final, fault: why, retryAfterMs: asked } = answer.refusal;
			if (final) return { word: 'fail', reason, fault: why, unsent: true };
			const unsent: Verdict = { word: 'retry', reason, fault: why, unsent: true };
			return isTime(asked) ? { ...unsent, named: true } : unsent;
		}
		if (isUntrusted(answer)) return { word: 'fail', reason: 'unreachable', fault };
		return answer.sent
			? { word: 'recheck', reason: 'unreachable', taken: 'maybe', fault }
			: { word: 'retry', reason: 'unreachable', fault };
	}
	if (isAcceptance(answer)) return { word: 'accepted', requestId: requestId(answer) };

	const said = readFault(answer);
	const rule = ruleFor(answer, said);
	const fault = { ...said, explanation: said.explanation ?? rule.explanation };
	const { word, reason } = rule;
	if (word === 'recheck') return { word, reason, taken: rule.taken ?? 'maybe', fault };
	const named = reason === 'throttled' && isTime(retryAfterMs(answer));
	return word === 'retry' && named ? { word, reason, fault, named } : { word, reason, fault };
}

/**
 * Judges the answer to a batch, for each server in it. One server must not sink the others: where the
 * cloud refuses a whole batch because of one, only the servers themselves can tell whom it meant.
 */
export function batchVerdict(answer: Answer | NotSent, servers: number): Verdict {
	const judged = verdict(answer);
	if (judged.word === 'accepted') {
		return hasJob(answer) ? judged : recheckUnclear(answer);
	}
	if (hasNoBatchCall(answer)) {
		return {
			word: 'fail',
			reason: 'invalidInput',
			fault: { ...judged.fault, explanation: judged.fault.explanation ?? NO_BATCH_CALL },
		};
	}
	if (judged.word === 'fail' && judged.reason === 'forbidden') {
		return { ...judged, fault: { ...judged.fault, permissions: 'ecs:cloudServers' } };
	}
	const isMissing = judged.word === 'fail' && judged.reason === 'notFound';
	return isMissing && servers > 1 ? { ...CONFLICT_OF_ONE, fault: judged.fault } : judged;
}

const CONFLICT_OF_ONE = { word: 'recheck', reason: 'wrongState', taken: 'no' } as const;

const NO_BATCH_CALL: Explanation = {
	why: 'this cloud has no call for many servers at once',
	hint: "Set 'How to Send' in Options to One Request per Server",
};

/** Why a server failed in a job, where the job's code says more than that it failed. */
export function reasonOfJobFault(fault: Fault): Reason | undefined {
	const rule = ruleByCode(fault.code);
	if (rule === CONFLICT || rule?.word === 'fail') return rule.reason;
	return meansQuota(fault) ? 'quotaExceeded' : undefined;
}

function hasJob(answer: Answer | NotSent): boolean {
	return answer.kind === 'answered' && isObject(answer.body) && 'job_id' in answer.body;
}

function recheckUnclear(answer: Answer | NotSent): Verdict {
	const fault = answer.kind === 'answered' ? readFault(answer) : { message: '' };
	return { word: 'recheck', reason: 'unexpectedResponse', taken: 'maybe', fault };
}

/** Plain OpenStack knows no such path (a real Nova answers 300); a cloud that does says why in its own codes. */
function hasNoBatchCall(answer: Answer | NotSent): boolean {
	if (answer.kind !== 'answered' || ![300, 404, 405].includes(answer.status)) return false;
	return !/^(Ecs|Common)\./.test(readFault(answer).code ?? '');
}

/** A cloud that says "at once", or a time that is over, has not said when to come back. */
function isTime(askedMs: number | undefined): boolean {
	return askedMs !== undefined && askedMs > 0;
}

/** Whether the cloud, or its login, refuses who asks; gateways do so with other statuses than 401 too. */
export function refusesCredential(answer: Answer): boolean {
	const judged = verdict(answer);
	return judged.word === 'fail' && judged.reason === 'unauthorized';
}

/** A certificate that n8n does not trust will not be trusted at the next try. */
function isUntrusted({ sent, code }: Lost): boolean {
	return !sent && UNTRUSTED_CERTIFICATE.test(code);
}

/** Clouds of the Nova family answer 202; some proxies turn it into 200 or 204. */
function isAcceptance({ status, body }: Answered): boolean {
	if (status !== 200 && status !== 202 && status !== 204) return false;
	return isBlank(body) || (!isHtml(body) && !saysError(body));
}

function ruleFor(answer: Answered, fault: Fault): Rule {
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
