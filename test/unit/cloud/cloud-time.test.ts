import { CloudTime } from '../../../nodes/cloud/cloud-time';
import { answered, lost } from '../answers';

const DATE = 'Wed, 25 Nov 2026 10:00:00 GMT';

describe('when an execution began, by the clock of the cloud', () => {
	test('is not known before the cloud tells', () => {
		const time = new CloudTime();
		expect(time.since).toBeUndefined();
		time.note(lost('ECONNRESET'));
		time.note(answered(202));
		time.note(answered(202, '', { date: 'some day' }));
		expect(time.since).toBeUndefined();
	});

	test('is the first date that it tells, less a minute', () => {
		const time = new CloudTime();
		time.note(answered(202, '', { date: DATE }));
		time.note(answered(202, '', { date: 'Wed, 25 Nov 2026 11:00:00 GMT' }));
		expect(time.since).toBe(Date.parse('2026-11-25T09:59:00Z'));
	});

	test('can be told by a refusal, too', () => {
		const time = new CloudTime();
		time.note(answered(409, '', { date: DATE }));
		expect(time.since).toBeDefined();
	});
});
