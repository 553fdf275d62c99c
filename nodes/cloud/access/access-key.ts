import type {
	ICredentialDataDecryptedObject,
	IDataObject,
	IHttpRequestOptions,
} from 'n8n-workflow';

import { allowsHttp, InvalidCredential, readAccount, refusePlainHttp } from './account';
import { type Answered, type Explanation, header } from '../api/answer';
import { leave } from '../api/departure';
import { readFault } from '../api/fault';
import { hashOf } from './mark';
import { encodePath, encodeQuery, sign } from './signing';
import { NO_REDIRECTS, targetOf, type TargetOptions } from './token';
import { toText } from '../api/values';

/** Signatures are refused when the two clocks differ by more (Huawei Cloud "API Request Signing Guide"). */
const TOLERANCE_SECONDS = 15 * 60;
/** A request takes its time to reach the cloud, and dates are whole seconds. */
const CLOCK_LIMIT_SECONDS = TOLERANCE_SECONDS - 60;
const WORTH_A_WORD_SECONDS = 60;

/**
 * Signs a request with the access key of a credential. Query and body are fixed first, so that what is
 * signed is what goes over the wire; signing a signed request replaces the signature.
 * @throws InvalidCredential when the credential cannot be used, or would travel in clear; Error when the
 * request was given up by now.
 */
export function authenticateWithAccessKey(
	credential: ICredentialDataDecryptedObject,
	options: TargetOptions,
	date = new Date(),
): IHttpRequestOptions {
	const { projectId } = readAccount(credential);
	const key = readAccessKey(credential);
	const url = targetOf(options);
	refusePlainHttp(url, allowsHttp(credential));
	addQuery(url, options.qs);
	url.search = encodeQuery(url);

	const { body, contentType } = readBody(options);
	const others = withoutSignature(options.headers);
	const signed: Record<string, string> = { 'X-Project-Id': projectId };
	if (contentType) signed['Content-Type'] = contentType;
	if (key.securityToken) signed['X-Security-Token'] = key.securityToken;
	const method = options.method ?? 'GET';
	const signature = sign({ method, url, headers: signed, body }, key, date);

	const address = `${url.origin}${encodePath(url)}${url.search}`;
	const headers: IDataObject = { ...others, ...signed, ...signature };
	const fixed: TargetOptions = { ...options, ...NO_REDIRECTS, headers };
	delete fixed.baseURL;
	delete fixed.qs;
	if (body.length > 0) fixed.body = body;
	// n8n's HTTP Request node calls it `uri`, everybody else `url`.
	if (options.uri !== undefined) fixed.uri = address;
	if (options.url !== undefined || options.uri === undefined) fixed.url = address;
	return leave(fixed as IHttpRequestOptions);
}

/** @throws InvalidCredential when one half of the key is missing, or a part is none that a request can carry. */
export function readAccessKey(credential: ICredentialDataDecryptedObject) {
	const accessKey = readText(credential.accessKey);
	const secretKey = readText(credential.secretKey);
	const securityToken = readText(credential.securityToken);
	if (!accessKey) throw new InvalidCredential("'Access Key' in the credential is empty");
	if (!secretKey) throw new InvalidCredential("'Secret Key' in the credential is empty");
	for (const [name, value] of Object.entries({
		'Access Key': accessKey,
		'Security Token': securityToken,
	})) {
		if (/^[\x21-\x7e]*$/.test(value)) continue;
		throw new InvalidCredential(
			`'${name}' in the credential has characters that it cannot have, such as a line break in its middle: copy it again`,
		);
	}
	return { accessKey, secretKey, securityToken };
}

/**
 * What stands for the access key of a credential at its cloud, and tells nothing of it.
 * @throws InvalidCredential when a field cannot be used.
 */
export function accessKeyMark(credential: ICredentialDataDecryptedObject): string {
	const { ecsEndpoint } = readAccount(credential);
	return hashOf(JSON.stringify(['accessKey', ecsEndpoint, readAccessKey(credential)]));
}

/** Says what to check when a cloud has refused a signed request; `now` is this machine's time. */
export function explainRefusedKey(
	answer: Answered,
	{ accessKey }: ICredentialDataDecryptedObject,
	now: Date,
): Explanation {
	const cloudTime = Date.parse(header(answer, 'date') ?? '');
	const seconds = Math.round((now.getTime() - cloudTime) / 1000);
	const off = `${Math.abs(seconds)} seconds ${seconds < 0 ? 'behind' : 'ahead of'} the clock of the cloud`;
	if (Math.abs(seconds) >= CLOCK_LIMIT_SECONDS) {
		return {
			why: `the cloud refused the signature, and the clock of this machine is ${off}`,
			hint: `Set the clock of the machine that n8n runs on: signatures hold for ${TOLERANCE_SECONDS / 60} minutes`,
		};
	}
	const shown = readText(accessKey).slice(0, 4);
	const { message } = readFault(answer);
	if (/\bak\b.*\bnot exist/i.test(message)) {
		return {
			why: `the cloud does not know access key ${shown}…`,
			hint: 'Check the access key in the credential, that it was not deleted or disabled, and that it was made in this cloud: each cloud has its own. A temporary key needs its security token',
		};
	}
	const clock = Math.abs(seconds) > WORTH_A_WORD_SECONDS ? `. This machine's clock is ${off}` : '';
	return {
		why: `the cloud refused the signature made with access key ${shown}…`,
		hint: `Check the access key and the secret key in the credential (and the security token of a temporary key, which expires), and that the key was not deleted. After more than five refused signatures the cloud locks the key for five minutes${clock}`,
	};
}

function addQuery(url: URL, qs: IDataObject | undefined): void {
	for (const [name, value] of Object.entries(qs ?? {})) {
		if (value === undefined) continue;
		for (const one of Array.isArray(value) ? value : [value]) {
			url.searchParams.append(name, String(one ?? ''));
		}
	}
}

/** @throws InvalidCredential for a body whose bytes are not known before it is sent. */
function readBody(options: TargetOptions & { form?: unknown; formData?: unknown }): {
	body: string | Buffer;
	contentType?: string;
} {
	const { body, headers = {}, form, formData } = options;
	if (form !== undefined || formData !== undefined) throw new InvalidCredential(NO_FORMS);
	if (body === undefined || body === null || body === '') return { body: '' };
	const given = Object.entries(headers).find(([name]) => name.toLowerCase() === 'content-type');
	const contentType = given ? String(given[1]) : 'application/json';
	if (Buffer.isBuffer(body)) return { body, contentType };
	if (typeof body === 'string') return { body: asSent(body, contentType), contentType };
	if (body instanceof URLSearchParams) {
		return {
			body: body.toString(),
			contentType: given ? contentType : 'application/x-www-form-urlencoded',
		};
	}
	if (Object.getPrototypeOf(body) === Object.prototype || Array.isArray(body)) {
		return { body: JSON.stringify(body), contentType };
	}
	throw new InvalidCredential(NO_FORMS);
}

const NO_FORMS = 'Requests with a form or a stream as their body cannot be signed';

/** axios trims and quotes a text that it takes for JSON; bytes it leaves alone, but for a form in a text. */
function asSent(body: string, contentType: string): string | Buffer {
	if (contentType === 'application/x-www-form-urlencoded') return body;
	return isCompactJson(body) ? body : Buffer.from(body);
}

function isCompactJson(text: string): boolean {
	try {
		JSON.parse(text);
		return text.trim() === text;
	} catch {
		return false;
	}
}

const SIGNATURE_HEADERS = [
	'authorization',
	'x-sdk-date',
	'x-project-id',
	'x-security-token',
	'content-type',
	'host',
];

function withoutSignature(headers: IDataObject = {}): IDataObject {
	return Object.fromEntries(
		Object.entries(headers).filter(([name]) => !SIGNATURE_HEADERS.includes(name.toLowerCase())),
	);
}

function readText(value: unknown): string {
	return toText(value)?.trim() ?? '';
}
