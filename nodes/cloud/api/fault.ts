import {
	type Answered,
	type Explanation,
	type Fault,
	header,
	isBlank,
	isHtml,
	isObject,
} from './answer';

interface Said {
	code?: string;
	message: string;
	requestId?: string;
}

const MAX_MESSAGE_LENGTH = 300;
/** Longer texts are pages for a browser; reading all of one would only cost time. */
const MAX_READ_LENGTH = 4_000;

/** The fault in an answer; its message is empty where the answer holds no words of any known shape. */
export function readFault(answer: Answered): Fault {
	const said = readError(answer.body) ?? readWords(answer.body);
	return {
		httpStatus: answer.status,
		code: said?.code,
		message: said?.message ?? textOf(answer.body),
		requestId: requestId(answer) ?? said?.requestId,
		explanation: answer.explanation,
	};
}

/** Nova's id of a request (the same as in os-instance-actions), else the gateway's. */
export function requestId(answer: Answered): string | undefined {
	const ids =
		header(answer, 'x-compute-request-id') ??
		header(answer, 'x-openstack-request-id') ??
		header(answer, 'x-request-id');
	// A header that was sent twice comes as a list.
	return ids?.split(',')[0].trim() || undefined;
}

/**
 * Finds the error in a body of any of the shapes that Nova, Keystone, ECS v1, API gateways and IAM use
 * (ECS API reference, "Responses"; openstack/nova api-ref). Undefined when the body holds none.
 */
export function readError(body: unknown): Said | undefined {
	if (!isObject(body)) return undefined;
	return readGateway(body) ?? readWrapped(body) ?? readPlain(body);
}

/** `{"error_code": "APIGW.0301", "error_msg": "…", "request_id": "…"}` */
function readGateway(body: Record<string, unknown>): Said | undefined {
	const { error_code: code } = body;
	if ((typeof code !== 'string' && typeof code !== 'number') || code === '' || code === 0) {
		return undefined;
	}
	return {
		code: String(code),
		message: oneLine(body.error_msg),
		requestId: readId(body.request_id),
	};
}

function readId(value: unknown): string | undefined {
	return typeof value === 'string' && value !== '' ? value : undefined;
}

/** `{"error": {"code": "Ecs.0114", "message": "…"}}` and Nova's `{"conflictingRequest": {"code": 409, "message": "…"}}` */
function readWrapped(body: Record<string, unknown>): Said | undefined {
	const wrapped = Object.entries(body).find(
		([name, value]) =>
			isObject(value) && ('message' in value || (name === 'error' && 'code' in value)),
	);
	if (!wrapped) return undefined;
	const [name, value] = wrapped as [string, Record<string, unknown>];
	const own = typeof value.code === 'string' ? value.code : undefined;
	return { code: own ?? (name === 'error' ? undefined : name), message: oneLine(wordsOf(value)) };
}

/** The message, and what a detail adds to it. */
function wordsOf({ message, details }: Record<string, unknown>): unknown {
	const added = detailsOf(details).find((detail) => typeof detail.message === 'string')?.message;
	if (typeof message !== 'string' || typeof added !== 'string') return message;
	return message.includes(added) ? message : `${message.replace(/\.\s*$/, '')}: ${added}`;
}

function detailsOf(details: unknown): Array<Record<string, unknown>> {
	return Array.isArray(details) ? details.filter(isObject) : [];
}

/**
 * The refusals of services behind that an error of ECS v1 quotes, as bodies of their own: as JSON within its
 * message, or as its `details`. They say why where the error itself says only who failed.
 */
export function quotedRefusals(body: unknown): Array<Record<string, unknown>> {
	const error = isObject(body) ? body.error : undefined;
	if (!isObject(error)) return [];
	const inMessage = typeof error.message === 'string' ? findJson(error.message)?.json : undefined;
	const inDetails = detailsOf(error.details).map((detail) => ({ error: detail }));
	return inMessage ? [inMessage, ...inDetails] : inDetails;
}

function findJson(text: string): { json: Record<string, unknown>; written: string } | undefined {
	const written = text.slice(text.indexOf('{'), text.lastIndexOf('}') + 1);
	try {
		const json: unknown = JSON.parse(written);
		return isObject(json) ? { json, written } : undefined;
	} catch {
		return undefined;
	}
}

/** `{"message": "…", "code": "404 Not Found", "title": "Not Found"}`, `{"code": "Common.0011", "message": "…"}`, `{"error": "…"}` */
function readPlain(body: Record<string, unknown>): Said | undefined {
	if (typeof body.error === 'string') return { message: oneLine(body.error) };
	if (typeof body.message !== 'string' || !('code' in body || 'title' in body)) return undefined;
	const code =
		typeof body.code === 'string' && /^\w+\.\d+$/.test(body.code) ? body.code : undefined;
	return { code, message: oneLine(body.message) };
}

/**
 * Words that make an error of an answer that is a refusal already; in a success they may mean anything.
 * `{"message": "API not found", "request_id": "…"}` (OTC), `{"message": "no Route matched …"}` (Kong),
 * `{"fault": {"faultstring": "…"}}` (Apigee).
 */
function readWords(body: unknown): Said | undefined {
	if (!isObject(body)) return undefined;
	const { message, fault, request_id: id } = body;
	const text = isObject(fault) ? fault.faultstring : message;
	return typeof text === 'string' ? { message: oneLine(text), requestId: readId(id) } : undefined;
}

/** Whether a body holds an error of any known shape, however good its status looks. */
export function saysError(body: unknown): boolean {
	if (readError(body) ?? readWords(body)) return true;
	return isObject(body) && Array.isArray(body.errors) && body.errors.length > 0;
}

/**
 * What to do about a credential that was refused because of its project, if it was: the token is valid, but
 * for no project or another one (Nova: "URL's project_id … doesn't match Context's project_id 'null'"). Which project
 * a login is for says its `method`.
 */
export function explainProject(answer: Answered, method?: unknown): Explanation | undefined {
	if (!/\bproject_?id\b/i.test(readFault(answer).message)) return undefined;
	return {
		why: 'the credential is not for the project that was asked for',
		hint: method === 'applicationCredential' ? APPLICATION_HINT : PROJECT_HINT,
	};
}

const PROJECT_HINT =
	"Check 'Project ID' in the credential: it must be the ID of the project that the credential was made for, in the region of the endpoint. A token must have been issued for that project (scoped to it)";

/** Keystone API v3, "Application Credentials": it is made within a project, and for that alone. */
const APPLICATION_HINT =
	"An application credential is for the project that it was created in, and for no other: put the ID of that project into 'Project ID' in the credential, or create an application credential in the project that you mean";

function textOf(body: unknown): string {
	return isBlank(body) || isHtml(body) || typeof body !== 'string' ? '' : oneLine(body);
}

/** Tags, comments and declarations; what a program writes in such brackets (`<type 'x'>`) is text. */
const MARKUP = /<(?:!--[^<>]*|[!/?]?[a-z][a-z0-9-]*(?:\s+[a-z][^<>]*|\s*\/?))>/gi;

/** `40D7…:error:0A00010B:SSL routines:…:wrong version number:../deps/openssl/…/ssl3_record.c:354:` */
const PLACES_IN_OPENSSL = /\b[0-9A-F]{8,}:error:[0-9A-F]+:|:\.\.\/deps\/openssl\S*/g;

/**
 * A message fit to be shown: one line without markup, with the words of a quoted refusal in place of its
 * JSON, and without the signed request that gateways echo after a bad signature.
 */
export function oneLine(value: unknown): string {
	if (typeof value !== 'string') return '';
	const text = unquoted(value.slice(0, MAX_READ_LENGTH))
		.replace(MARKUP, ' ')
		.replace(/canonical[ _-]?request\b.*/is, '')
		.replace(PLACES_IN_OPENSSL, '')
		.replace(/\s+/g, ' ')
		.trim()
		.replace(/[,;:]$/, '');
	return text.length > MAX_MESSAGE_LENGTH ? `${text.slice(0, MAX_MESSAGE_LENGTH)}…` : text;
}

function unquoted(text: string): string {
	const found = text.includes('{') ? findJson(text) : undefined;
	const words = found && readError(found.json)?.message;
	return found && words ? text.replace(found.written, () => words) : text;
}
