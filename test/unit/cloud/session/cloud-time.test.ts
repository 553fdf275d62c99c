import { CloudTime } from '../../../../nodes/cloud/session/cloud-time';
import { answered, lost } from '../../answers';

const DATE = 'Wed, 25 Nov 2026 10:00:00 GMT';

describe('when an execution began, by the clock of the cloud', () => {
	test('is not known before the cloud tells', () => {
		const time = new CloudTime();
		expect(time.since).toBeUndefined();
		time.note(lost('ECONNRESET'), 0);
		time.note(answered(202), 0);
		time.note(answered(202, '', { date: 'some day' }), 0);
		expect(time.since).toBeUndefined();
	});

	test('is the first date that it tells, less a minute', () => {
		const time = new CloudTime();
		time.note(answered(202, '', { date: DATE }), 0);
		time.note(answered(202, '', { date: 'Wed, 25 Nov 2026 11:00:00 GMT' }), 0);
		expect(time.since).toBe(Date.parse('2026-11-25T09:59:00Z'));
	});

	test('can be told by a refusal, too', () => {
		const time = new CloudTime();
		time.note(answered(409, '', { date: DATE }), 0);
		expect(time.since).toBeDefined();
	});
});

describe("the cloud's time at a moment of this machine's clock", () => {
	const noted = new CloudTime();
	noted.note(answered(202, '', { date: DATE }), 50_000);

	test('is not known before the cloud tells', () => {
		expect(new CloudTime().at(0)).toBeUndefined();
	});

	test('follows from the one date that it told, before and after it', () => {
		expect(noted.at(50_000)).toBe(Date.parse('2026-11-25T10:00:00Z'));
		expect(noted.at(20_000)).toBe(Date.parse('2026-11-25T09:59:30Z'));
		expect(noted.at(110_000)).toBe(Date.parse('2026-11-25T10:01:00Z'));
	});
});
