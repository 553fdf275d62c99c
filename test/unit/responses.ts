import type { Answer } from '../../nodes/cloud/api/answer';
import { project, type ServerJson } from './servers';
import type { SentRequest } from './context';

/** An answer in the form that n8n's helper gives it. */
export function toResponse(answer: Answer) {
	if (answer.kind === 'lost') throw Object.assign(new Error(answer.message), { code: answer.code });
	const { status: statusCode, headers, body } = answer;
	return { statusCode, headers, body };
}

/** Answers for a project of servers, through n8n's helper. */
export function projectOf(servers: ServerJson[]) {
	const reply = project(servers);
	return ({ url, qs }: SentRequest) =>
		toResponse(reply({ method: 'GET', path: new URL(url).pathname, query: qs }));
}
