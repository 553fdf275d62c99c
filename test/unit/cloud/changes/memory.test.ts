/** What a process remembers of its triggers. */
import { TriggerMemories } from '../../../../nodes/cloud/changes/memory';

test('while a trigger is at work, its next poll does nothing; another trigger is not kept', async () => {
	const triggers = new TriggerMemories();
	let finish = () => {};
	const work = new Promise<void>((end) => (finish = end)).then(() => 'first');
	const first = triggers.alone('a', async () => await work);

	expect(await triggers.alone('a', async () => await Promise.resolve('second'))).toBeNull();
	expect(await triggers.alone('b', async () => await Promise.resolve('other'))).toBe('other');
	finish();
	expect(await first).toBe('first');
	expect(await triggers.alone('a', async () => await Promise.resolve('third'))).toBe('third');
});

test('a poll that fails lets the next one go', async () => {
	const triggers = new TriggerMemories();
	const fails = async () => await Promise.reject(new Error('out'));

	await expect(triggers.alone('a', fails)).rejects.toThrow('out');
	expect(await triggers.alone('a', async () => await Promise.resolve('next'))).toBe('next');
});

test('a context is new once', () => {
	const triggers = new TriggerMemories();
	const [one, other] = [{}, {}];

	expect([one, one, other].map((context) => triggers.isFirst(context))).toEqual([
		true,
		false,
		true,
	]);
});

test('each trigger has a memory of its own', () => {
	const triggers = new TriggerMemories();
	triggers.of('a').askAgainAt = 5;

	expect([triggers.of('a').askAgainAt, triggers.of('b').askAgainAt]).toEqual([5, 0]);
});
