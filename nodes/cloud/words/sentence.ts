import type { Fault } from '../api/answer';

/**
 * What n8n shows where it shows no more than a message, as in a credential's Test. n8n takes a message
 * with a network's code for its own to reword, so that none is in it.
 */
export function sentence({ explanation, message, code }: Fault): string {
	const why = explanation ? explanation.why.charAt(0).toUpperCase() + explanation.why.slice(1) : '';
	const said = code && /^E[A-Z_]+$/.test(code) ? '' : message.replace(/\.$/, '');
	return [[why, said].filter(Boolean).join(': '), explanation?.hint].filter(Boolean).join('. ');
}
