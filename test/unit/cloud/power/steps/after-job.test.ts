import { answered, ecs } from '../../../answers';
import { begin, LOST, POWERING_OFF, POWERING_ON, withoutWaiting } from '../a-start';

describe('a start in a batch', () => {
	const TAKEN = answered(200, { job_id: 'job-1' });
	const failedWith = (code: string, message = '') =>
		({ word: 'failed', fault: { code, message } }) as const;

	test('is followed by its job, then looked at: started', () => {
		const story = begin().batched(TAKEN);
		expect(story.next).toBe('followJob');
		expect(story.after(20).told({ word: 'done' }).next).toBe('look later');
		expect(story.after(5).seen('ACTIVE').outcome).toBe('started');
	});

	test('is accepted with the job where nobody waits', () => {
		expect(withoutWaiting().batched(TAKEN).outcome).toBe('accepted');
	});

	test('of which the job says nothing: the server itself tells', () => {
		const story = begin().batched(TAKEN).after(20).told({ word: 'silent' });
		expect(story.next).toBe('look soon');
		expect(story.seen('ACTIVE').outcome).toBe('started');
	});

	test('that met a running server: alreadyRunning', () => {
		const story = begin().batched(TAKEN).told(failedWith('Ecs.0100'));
		expect(story.next).toBe('look soon');
		expect(story.seen('ACTIVE').outcome).toBe('alreadyRunning');
	});

	test('that met a server on its way down: wait, ask once more', () => {
		const story = begin().batched(TAKEN).told(failedWith('Ecs.0100'));
		story.seen('ACTIVE', POWERING_OFF).after(5).seen('SHUTOFF');
		expect(story.next).toBe('ask');
	});

	test('that met a lock', () => {
		const story = begin().batched(TAKEN).told(failedWith('Ecs.0605'));
		expect(story.seen('SHUTOFF', { locked: true }).next).toBe('fail locked');
	});

	test('that found no capacity: quotaExceeded', () => {
		const story = begin().batched(TAKEN).told(failedWith('Ecs.0319', 'sold out'));
		const { failure } = story.seen('SHUTOFF');
		expect(failure).toMatchObject({ reason: 'quotaExceeded', code: 'Ecs.0319', status: 'SHUTOFF' });
		expect(failure.message).toContain('sold out');
	});

	test('that failed for reasons of the cloud: startFailed, with its words', () => {
		const story = begin().batched(TAKEN).told(failedWith('Common.0021', 'host is down'));
		const { failure } = story.seen('SHUTOFF');
		expect(failure).toMatchObject({ reason: 'startFailed', status: 'SHUTOFF' });
		expect(failure.message).toContain('host is down');
		expect(failure.hint).not.toBe('');
	});

	test('that failed and left the server in ERROR: startFailed', () => {
		const story = begin().batched(TAKEN).told(failedWith('Common.0021', 'host is down'));
		expect(story.seen('ERROR', { fault: 'libvirt died' }).next).toBe('fail startFailed');
	});

	test('whose answer was lost: read first, then asked again only if it needs to be', () => {
		expect(begin().batched(LOST).seen('ACTIVE').outcome).toBe('started');
		expect(begin().batched(LOST).seen('SHUTOFF', POWERING_ON).next).toBe('look later');
		expect(begin().batched(LOST).seen('SHUTOFF').next).toBe('ask');
	});

	describe('whose first answer was lost: a later job settles what was lost', () => {
		const toldAfterLoss = (code: string) =>
			begin().batched(LOST).seen('SHUTOFF').batched(TAKEN).told(failedWith(code));

		test.each([
			['Common.0021', 'startFailed'],
			['Ecs.0319', 'quotaExceeded'],
		])('failed with %s: not asked for again, %s', (code, reason) => {
			expect(toldAfterLoss(code).seen('SHUTOFF').next).toBe(`fail ${reason}`);
		});

		test('failed for its state: asked for once more, like after any conflict', () => {
			const story = toldAfterLoss('Ecs.0100').seen('SHUTOFF');
			expect(story.next).toBe('ask');
			story.batched(TAKEN).told(failedWith('Ecs.0100')).seen('SHUTOFF');
			expect(story.next).toBe('fail wrongState');
		});

		test('failed, but the server runs: started, as the lost one may have done it', () => {
			expect(toldAfterLoss('Ecs.0100').seen('ACTIVE').outcome).toBe('started');
		});
	});

	test('refused because of another server in it: asked once more', () => {
		const story = begin().batched(answered(404, ecs('Ecs.0114')));
		expect(story.next).toBe('look soon');
		expect(story.seen('SHUTOFF').next).toBe('ask');
	});

	test('that the cloud does not know: what to change', () => {
		const { failure } = begin().batched(answered(300));
		expect(failure.reason).toBe('invalidInput');
		expect(failure.hint).toContain('How to Send');
	});
});
