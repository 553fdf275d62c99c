import { type Answered, header } from './answer';

/**
 * Where a redirect leads to, as in `https://iam.example.com`: its host and no more, as the rest may hold a secret.
 * Undefined for any other answer.
 */
export function redirectTarget(answer: Answered): string | undefined {
	if (![301, 302, 303, 307, 308].includes(answer.status)) return undefined;
	const location = header(answer, 'location') ?? '';
	const isAddress = /^https?:/i.test(location) && URL.canParse(location);
	return isAddress ? new URL(location).origin : 'another address';
}
