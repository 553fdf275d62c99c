import axios from 'axios';

export interface Reply {
	status: number;
	headers: Record<string, string>;
	text: string;
	/** The parsed text; undefined if it is no JSON. */
	json: unknown;
}

export interface SendOptions {
	headers?: Record<string, string>;
	body?: unknown;
	/** Sent as it is, instead of `body` as JSON. */
	rawBody?: string;
	contentType?: string;
}

const http = axios.create({
	validateStatus: () => true,
	maxRedirects: 0,
	timeout: 60_000,
	responseType: 'text',
	transformRequest: (data: unknown) => data,
	transformResponse: (data: unknown) => data,
});

function parseJson(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}

/** One exchange, as plain as HTTP allows: no retries, no redirects, no opinion on the answer. */
export async function send(
	method: string,
	url: string,
	{ headers, body, rawBody, contentType = 'application/json' }: SendOptions = {},
): Promise<Reply> {
	const data = rawBody ?? (body === undefined ? undefined : JSON.stringify(body));
	const response = await http.request<string | undefined>({
		method,
		url,
		data,
		headers: {
			Accept: 'application/json',
			...(data === undefined ? {} : { 'Content-Type': contentType }),
			...headers,
		},
	});
	const text = response.data ?? '';
	const flat = Object.entries(response.headers).map(([name, value]) => [name, String(value)]);
	return {
		status: response.status,
		headers: Object.fromEntries(flat) as Record<string, string>,
		text,
		json: parseJson(text),
	};
}

/** A member of parsed JSON by its path; undefined where there is none. */
export function pick(value: unknown, ...path: Array<string | number>): unknown {
	return path.reduce<unknown>(
		(inner, key) => (inner as Record<string | number, unknown> | null | undefined)?.[key],
		value,
	);
}
