import type { Answered, Fault, Lost, NotSent } from '../../nodes/cloud/api/answer';
import type { Reason } from '../../nodes/cloud/api/reason';

/** Answers as clouds give them, in the shapes of ecs-api.md (chapter 3) and nova-conformance.md. */

/** Without headers of its own it bears what any web server says; a bare answer comes from a proxy. */
export function answered(
	status: number,
	body: unknown = '',
	headers: Record<string, unknown> = { server: 'nginx' },
): Answered {
	return { kind: 'answered', status, headers, body };
}

export function lost(code: string, sent = true, message = ''): Lost {
	return { kind: 'lost', sent, code, message };
}

/** A request that was not sent, as its credential proved nothing. */
export function refusal(
	reason: Reason,
	final: boolean,
	fault: Fault = { message: '' },
	retryAfterMs?: number,
): Lost {
	return { ...lost('', false), refusal: { reason, final, fault, retryAfterMs } };
}

/** A request that was given up before it was sent. */
export function notSent(reason: Reason, fault: Fault = { message: '' }): NotSent {
	return { kind: 'notSent', reason, fault };
}

/** `{"conflictingRequest": {"code": 409, "message": "…"}}` */
export function nova(status: number, name: string, message = 'said Nova') {
	return { [name]: { code: status, message } };
}

/** `{"error": {"code": "Ecs.0114", "message": "…"}}` */
export function ecs(code: string, message = 'said ECS') {
	return { error: { code, message } };
}

/** `{"error_code": "APIGW.0301", "error_msg": "…", "request_id": "…"}` */
export function gateway(code: string, message = 'said the gateway') {
	return { error_code: code, error_msg: message, request_id: 'gateway-id' };
}

export const KEYSTONE_401 = {
	error: {
		code: 401,
		title: 'Unauthorized',
		message: 'The request you have made requires authentication.',
	},
};

export const NO_SUCH_ROUTE = {
	message: 'The resource could not be found.<br /><br />\n\n\n',
	code: '404 Not Found',
	title: 'Not Found',
};

export const CHOICES = {
	choices: [{ id: 'v2.1', status: 'CURRENT', links: [], 'media-types': [] }],
};

export const HTML_502 =
	'<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>nginx</body>\r\n</html>';
