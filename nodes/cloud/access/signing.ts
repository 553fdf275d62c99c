import { createHash, createHmac } from 'crypto';

/** An access key, permanent or temporary. */
export interface AccessKey {
	accessKey: string;
	secretKey: string;
}

/** A request as it goes over the wire: what is signed must be what is sent. */
export interface SignableRequest {
	method: string;
	url: URL;
	/** The headers to sign, besides `host` and `x-sdk-date`. */
	headers: Record<string, string>;
	/** The very bytes of the body. */
	body: string | Buffer;
}

const ALGORITHM = 'SDK-HMAC-SHA256';

/**
 * Signs a request with SDK-HMAC-SHA256: the headers to add to it (Huawei Cloud "API Request Signing
 * Guide"). The secret key itself is the key of the signature.
 */
export function sign(request: SignableRequest, key: AccessKey, date: Date): Record<string, string> {
	const time = toSdkDate(date);
	const headers = signedHeaders(request, time);
	const names = headers.map(([name]) => name).join(';');
	const canonical = sha256(canonicalRequest(request, time));
	const signature = createHmac('sha256', key.secretKey)
		.update(`${ALGORITHM}\n${time}\n${canonical}`)
		.digest('hex');
	return {
		'X-Sdk-Date': time,
		Authorization: `${ALGORITHM} Access=${key.accessKey}, SignedHeaders=${names}, Signature=${signature}`,
	};
}

/** The six parts that a signature stands for, a line each. */
export function canonicalRequest(request: SignableRequest, time: string): string {
	const headers = signedHeaders(request, time);
	return [
		request.method.toUpperCase(),
		`${encodePath(request.url).replace(/\/$/, '')}/`,
		encodeQuery(request.url),
		headers.map(([name, value]) => `${name}:${value}\n`).join(''),
		headers.map(([name]) => name).join(';'),
		sha256(request.body),
	].join('\n');
}

function signedHeaders({ url, headers }: SignableRequest, time: string): Array<[string, string]> {
	const all = { ...headers, host: url.host, 'x-sdk-date': time };
	return Object.entries(all)
		.map(([name, value]): [string, string] => [name.toLowerCase(), value.trim()])
		.sort(byText);
}

/** The path with each segment encoded one way, however the URL was written. */
export function encodePath({ pathname }: URL): string {
	return pathname
		.split('/')
		.map((segment) => encode(decode(segment)))
		.join('/');
}

/** The query with each name and value encoded one way, sorted by name, then by value. */
export function encodeQuery({ searchParams }: URL): string {
	return [...searchParams]
		.map(([name, value]): [string, string] => [encode(name), encode(value)])
		.sort(byText)
		.map(([name, value]) => `${name}=${value}`)
		.join('&');
}

function byText(one: [string, string], other: [string, string]): number {
	if (one[0] !== other[0]) return one[0] < other[0] ? -1 : 1;
	if (one[1] === other[1]) return 0;
	return one[1] < other[1] ? -1 : 1;
}

/** Percent-encoding of all but the unreserved characters of RFC 3986. */
function encode(text: string): string {
	return encodeURIComponent(text).replace(
		/[!'()*]/g,
		(character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
	);
}

function decode(segment: string): string {
	try {
		return decodeURIComponent(segment);
	} catch {
		return segment;
	}
}

/** As in 20191115T033655Z. */
function toSdkDate(date: Date): string {
	return date.toISOString().replace(/[-:]|\.\d+/g, '');
}

function sha256(data: string | Buffer): string {
	return createHash('sha256').update(data).digest('hex');
}
