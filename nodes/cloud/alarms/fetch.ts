import type { IHttpRequestOptions } from 'n8n-workflow';

/** What an address gave; undefined where nothing came, not in time, or too much. */
export interface Fetched {
	status: number;
	location?: string;
	body: string;
}

/** Gets an address, without credential, cookie or redirect. Never rejects. */
export type Fetch = (url: string, signal: AbortSignal) => Promise<Fetched | undefined>;

/** n8n's request helper. */
export type HttpRequest = (options: IHttpRequestOptions) => Promise<unknown>;

interface Answer {
	statusCode: number;
	headers: Readonly<Record<string, unknown>>;
	body: AsyncIterable<Uint8Array>;
}

const MAX_BYTES = 65_536;

/** A fetch over n8n's helper, which itself sets no limit to an answer: it is read as a stream, up to 64 kB. */
export function fetchOver(httpRequest: HttpRequest): Fetch {
	return async (url, signal) => {
		try {
			const answer = (await httpRequest({
				url,
				method: 'GET',
				encoding: 'stream',
				returnFullResponse: true,
				ignoreHttpStatusErrors: true,
				disableFollowRedirect: true,
				abortSignal: signal,
			})) as Answer;
			const { location } = answer.headers;
			const body = await readBounded(answer.body);
			if (body === undefined) return undefined;
			return {
				status: answer.statusCode,
				location: typeof location === 'string' ? location : undefined,
				body,
			};
		} catch {
			return undefined;
		}
	};
}

/** Leaving the loop ends the stream. */
async function readBounded(stream: AsyncIterable<Uint8Array>): Promise<string | undefined> {
	const chunks: Uint8Array[] = [];
	let size = 0;
	for await (const chunk of stream) {
		size += chunk.length;
		if (size > MAX_BYTES) return undefined;
		chunks.push(chunk);
	}
	return Buffer.concat(chunks).toString('utf8');
}
