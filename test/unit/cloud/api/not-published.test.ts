import type { Answer, NotSent } from '../../../../nodes/cloud/api/answer';
import { isNotPublished } from '../../../../nodes/cloud/api/not-published';
import { answered, ecs, gateway, lost, NO_SUCH_ROUTE, notSent, nova } from '../../answers';

describe('a gateway that has no such call says so', () => {
	test.each<[string, Answer]>([
		['by a code of Huawei Cloud', answered(404, gateway('APIGW.0101'))],
		['by the older one', answered(404, gateway('APIG.0101'))],
		['in words, as on Open Telekom Cloud', answered(404, { message: 'API not found' })],
		['as a framework', answered(404, NO_SUCH_ROUTE)],
		['by a page', answered(404, '<html><title>404 Not Found</title></html>')],
		['by the status alone', answered(404)],
	])('%s', (_, answer) => {
		expect(isNotPublished(answer)).toBe(true);
	});
});

describe('the cloud behind it was asked, or may have been, where', () => {
	test.each<[string, Answer | NotSent]>([
		['Nova misses a server', answered(404, nova(404, 'itemNotFound'))],
		['ECS v1 misses a server', answered(404, ecs('Ecs.0114'))],
		['the gateway refuses for another reason', answered(404, gateway('APIGW.0106'))],
		['a code only begins like that of the gateway', answered(404, gateway('APIGW.01011'))],
		['a code only ends like that of the gateway', answered(404, gateway('XAPIGW.0101'))],
		['the status is another', answered(403, gateway('APIGW.0101'))],
		['the answer was lost', lost('ECONNRESET')],
		['nothing was sent', notSent('timedOut')],
	])('%s', (_, answer) => {
		expect(isNotPublished(answer)).toBe(false);
	});
});
