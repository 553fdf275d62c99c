import { batchVerdict } from '../../../../nodes/cloud/api/batch-verdict';
import { verdict } from '../../../../nodes/cloud/api/verdict';
import { answered, CHOICES, ecs, lost, NO_SUCH_ROUTE, notSent, nova } from '../../answers';

const JOB = answered(200, { job_id: 'j' });
const MISSING = answered(404, ecs('Ecs.0114'));

describe('a batch', () => {
	test('is accepted with a job', () => {
		expect(batchVerdict(JOB, 2)).toMatchObject({ word: 'accepted' });
	});

	test.each([[{}], [''], [[]]])('without a job (%j) is for the servers to tell', (body) => {
		expect(batchVerdict(answered(200, body), 2)).toMatchObject({
			word: 'recheck',
			reason: 'unexpectedResponse',
			taken: 'maybe',
			fault: { httpStatus: 200 },
		});
	});

	test.each([
		['300', answered(300, CHOICES)],
		['404', answered(404, NO_SUCH_ROUTE)],
		['405', answered(405, nova(405, 'badMethod'))],
		['404 with a code like those of ECS', answered(404, ecs('XEcs.0001'))],
	])('that the cloud has no call for (%s) says what to set', (_, answer) => {
		expect(batchVerdict(answer, 2)).toMatchObject({
			word: 'fail',
			reason: 'invalidInput',
			fault: { explanation: { hint: expect.stringContaining("'How to Send'") as string } },
		});
	});

	test('refused for one server that is missing must not sink the others', () => {
		expect(batchVerdict(MISSING, 2)).toMatchObject({
			word: 'recheck',
			reason: 'wrongState',
			taken: 'no',
			fault: { code: 'Ecs.0114' },
		});
	});

	test('of one server that is missing has failed', () => {
		expect(batchVerdict(MISSING, 1)).toMatchObject({ word: 'fail', reason: 'notFound' });
	});

	test.each([
		['a refusal in words of its own', answered(404, ecs('Common.0018'))],
		['another refusal', answered(400, ecs('Ecs.0005'))],
		['a conflict', answered(409, nova(409, 'conflictingRequest'))],
		['a lost answer', lost('ECONNRESET')],
		['a request that was not sent', notSent('unavailable')],
		['a request that was not sent, as something was not found', notSent('notFound')],
	])('means what a single request would: %s', (_, answer) => {
		expect(batchVerdict(answer, 2)).toEqual(verdict(answer));
	});

	test('that is forbidden needs a permission of ECS v1', () => {
		const judged = batchVerdict(answered(403, nova(403, 'forbidden')), 2);
		expect(judged).toMatchObject({
			word: 'fail',
			reason: 'forbidden',
			fault: { permissions: 'ecs:cloudServers' },
		});
	});

	test('that failed as a batch (Ecs.0611) is for the servers to tell', () => {
		expect(batchVerdict(answered(400, ecs('Ecs.0611')), 2)).toMatchObject({
			word: 'recheck',
			taken: 'maybe',
		});
	});
});
