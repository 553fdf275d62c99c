import type { Answer, NotSent } from './answer';
import { readFault } from './fault';

/**
 * A gateway says that it has no such call, so that nothing was taken: 404 with `APIGW.0101` (Huawei Cloud,
 * "API Gateway Error Codes"; `APIG.0101` in older ones), with "API not found" (OTC), or as a page or a framework's
 * answer. No service says so of a server: that has a code, such as `itemNotFound` or `Ecs.0114`.
 */
export function isNotPublished(answer: Answer | NotSent): boolean {
	if (answer.kind !== 'answered' || answer.status !== 404) return false;
	const { code } = readFault(answer);
	return code === undefined || /^APIGW?\.0101$/.test(code);
}
