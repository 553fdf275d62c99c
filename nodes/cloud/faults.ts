import { type Answered, header, isBlank, isHtml, isObject } from './answer';
import type { Fault } from './fault';

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
	const said = readError(answer.body);
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
	return (
		header(answer, 'x-compute-request-id') ??
		header(answer, 'x-openstack-request-id') ??
		header(answer, 'x-request-id')
	);
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
		requestId: typeof body.request_id === 'string' ? body.request_id : undefined,
	};
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
	return { code: own ?? (name === 'error' ? undefined : name), message: oneLine(value.message) };
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
 * True for the answer of a service that knows no such path: a page, the words of a web framework
 * (`{"code": "404 Not Found"}`), or Keystone's (`{"error": {"code": 404}}`). Nova names what it misses.
 */
export function isNoSuchRoute({ status, body }: Answered): boolean {
	if (status !== 404) return false;
	if (!isObject(body)) return isHtml(body);
	const ofFramework = typeof body.code === 'string' && /^404\b/.test(body.code);
	return ofFramework || (isObject(body.error) && body.error.code === 404);
}

function textOf(body: unknown): string {
	return isBlank(body) || isHtml(body) || typeof body !== 'string' ? '' : oneLine(body);
}

/**
 * A message fit to be shown: one line without markup, and without the signed request that gateways
 * echo after a bad signature.
 */
function oneLine(value: unknown): string {
	if (typeof value !== 'string') return '';
	const text = value
		.slice(0, MAX_READ_LENGTH)
		.replace(/<[^<>]*>/g, ' ')
		.replace(/canonical[ _-]?request\b.*/is, '')
		.replace(/\s+/g, ' ')
		.trim()
		.replace(/[,;:]$/, '');
	return text.length > MAX_MESSAGE_LENGTH ? `${text.slice(0, MAX_MESSAGE_LENGTH)}…` : text;
}
