import { pick } from './client';
import {
	account,
	act,
	inProject,
	isRunning,
	isStopped,
	login,
	makeRunning,
	makeStopped,
	makeTrouble,
	nova,
	passwordOf,
	server,
	start,
	stop,
	target,
	tokenOf,
	until,
	useLab,
	userWith,
	withAdmin,
	withTrouble,
} from './lab';
import { waitUntil } from './target';

useLab();

/** What the trigger tells a planned stop by from a guest that went off by itself. */
describe(`Who stopped a server of ${target.name}`, () => {
	beforeEach(async () => await makeStopped());

	const logOf = async () => {
		const reply = await nova('GET', `/servers/${server}/os-instance-actions`);
		expect(reply.status).toBe(200);
		return pick(reply.json, 'instanceActions') as Array<Record<string, unknown>>;
	};
	const namesOf = (log: Array<Record<string, unknown>>) => log.map(({ action }) => action);
	const idOf = async (user: object) => {
		const reply = await login({ identity: passwordOf(user), scope: inProject() });
		return pick(reply.json, 'token', 'user', 'id');
	};

	test('a stop that a user asked for bears that user and the project', async () => {
		await makeRunning();
		await stop();
		await until(isStopped);

		expect((await logOf())[0]).toEqual(
			expect.objectContaining({
				action: 'stop',
				message: null,
				user_id: await idOf(userWith()),
				project_id: account.projectId,
			}),
		);
	});

	withAdmin('one that an administrator asked for bears the administrator', async () => {
		const admin = userWith(account.admin);
		await makeRunning();
		const reply = await act(server, { 'os-stop': {} }, { token: await tokenOf(admin) });
		expect(reply.status).toBe(202);
		await until(isStopped);

		const [newest] = await logOf();

		expect(newest).toEqual(expect.objectContaining({ action: 'stop', user_id: await idOf(admin) }));
		expect(newest.user_id).not.toBe(await idOf(userWith()));
	});

	withTrouble('one of a guest that shut down by itself bears nobody', async () => {
		await makeTrouble({ start: 'dies' });
		await start();
		await until(isRunning);
		await until(isStopped);

		const [newest] = await logOf();

		expect(newest).toEqual(
			expect.objectContaining({
				action: 'stop',
				user_id: null,
				project_id: null,
				message: null,
				request_id: expect.stringMatching(/^req-/),
			}),
		);
	});

	withTrouble('one of a guest that the cloud found off bears nobody', async () => {
		await makeTrouble({ start: 'staysOff' });
		await start();
		await until(isRunning);
		await until(isStopped);

		expect((await logOf())[0]).toEqual(
			expect.objectContaining({ action: 'stop', user_id: null, project_id: null }),
		);
	});

	withTrouble(
		'of a guest that dies while a user’s stop is under way only that is told',
		async () => {
			await makeTrouble({ start: 'dies', stop: 'slow' });
			await start();
			await until(isRunning);
			await stop();
			await until(isStopped);

			const log = await logOf();

			expect(namesOf(log).slice(0, 2)).toEqual(['stop', 'start']);
			expect(log[0].user_id).toBe(await idOf(userWith()));
		},
	);

	withTrouble('a start that ends in ERROR tells of no stop', async () => {
		await makeTrouble({ start: 'error' });
		await start();
		await until(({ status, task }) => status === 'ERROR' && task === null);

		const [newest] = await waitUntil(
			async () => await logOf(),
			(log) => log[0].message !== null,
		);

		expect(newest).toEqual(expect.objectContaining({ action: 'start', message: 'Error' }));
	});

	test('a stop and a start since are both told, though the server looks as before', async () => {
		await makeRunning();
		await stop();
		await until(isStopped);
		await makeRunning();

		expect(namesOf(await logOf()).slice(0, 3)).toEqual(['start', 'stop', 'start']);
	});
});
