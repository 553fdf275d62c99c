import { act, expectConflict, expectFault, nova, server, target, useLab } from './lab';

useLab();

describe(`Metadata of servers of ${target.name}`, () => {
	test('it can be set, added to and removed', async () => {
		const path = `/servers/${server}/metadata`;
		const set = await nova('PUT', path, { body: { metadata: { a: '1' } } });
		expect(set.json).toEqual({ metadata: { a: '1' } });
		const added = await nova('POST', path, { body: { metadata: { b: '2' } } });
		expect(added.json).toEqual({ metadata: { a: '1', b: '2' } });

		expect((await nova('DELETE', `${path}/a`)).status).toBe(204);
		expect((await nova('GET', path)).json).toEqual({ metadata: { b: '2' } });
		expectFault(
			await nova('DELETE', `${path}/a`),
			404,
			'itemNotFound',
			'Metadata item was not found',
		);
		await nova('PUT', path, { body: { metadata: {} } });
	});

	test('that of a locked server can be read but not changed', async () => {
		const path = `/servers/${server}/metadata`;
		await act(server, { lock: null });

		expectConflict(
			await nova('POST', path, { body: { metadata: { a: '1' } } }),
			`Instance ${server} is locked`,
		);
		expect((await nova('GET', path)).status).toBe(200);
		await act(server, { unlock: null });
	});
});
