import type { Fault } from '../api/answer';
import type { Reason } from '../api/reason';

/** What a cloud in trouble did. */
export const TROUBLE_WORDS: Partial<Record<Reason, string>> = {
	busy: 'was busy with another command',
	throttled: 'asked to slow down',
	unavailable: 'was not available',
	unreachable: 'did not answer',
	unauthorized: 'refused the credential',
	timedOut: 'did not answer in time',
};

/** The cloud's own words, as in `: no such device (HTTP 500)`. */
export function quote({ message, httpStatus, code }: Fault): string {
	const shown = code && message.includes(code) ? undefined : code;
	const origin = [httpStatus && `HTTP ${httpStatus}`, shown].filter(Boolean).join(', ');
	const words = message ? `: ${message.replace(/\.$/, '')}` : '';
	return words + (origin ? ` (${origin})` : '');
}

/** Without the words of the cloud, where they only name the server again, as in `Instance 616f… could not be found`. */
export function unrepeated(fault: Fault, serverId: string): Fault {
	return fault.message.includes(serverId) ? { ...fault, message: '' } : fault;
}

/**
 * Another path than Nova's, another project than the token's, or a 400 without a word, as of a web server that is no
 * cloud: any other 400 is about the request itself.
 */
export function meansCredential({ httpStatus, code = '', message }: Fault): boolean {
	if (httpStatus !== 400 || message === '') return true;
	return /^Ecs\.0023$|^Common\.0018$/.test(code) || /project/i.test(message);
}
