import { retryAfterMs } from './retry-after';
import {
	type Answer,
	type Answered,
	type Fault,
	isBlank,
	isHtml,
	type Lost,
	type NotSent,
	UNTRUSTED_CERTIFICATE,
} from './answer';
import { oneLine, readFault, requestId, saysError } from './fault';
import type { Reason } from './reason';
import { ruleFor } from './refusal-rules';

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
