import type { IHttpRequestOptions } from 'n8n-workflow';

const NAME = 'X-Credential-Test';

/** The header by which a credential knows its own Test, as n8n does not tell it from the request of another node. */
export const TEST_MARK = { [NAME]: 'yes' };

/** Whether a request is the Test of its credential. */
export function isTest({ headers }: IHttpRequestOptions): boolean {
	return headers?.[NAME] !== undefined;
}

/** The request as it goes to the cloud. */
export function withoutTestMark(options: IHttpRequestOptions): IHttpRequestOptions {
	const headers = Object.fromEntries(
		Object.entries(options.headers ?? {}).filter(([name]) => name !== NAME),
	);
	return { ...options, headers };
}
