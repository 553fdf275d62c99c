import { pick } from './client';
import { account, act, expectFault, idsIn, makeStopped, nova, server, target, useLab } from './lab';

useLab();

describe(`Microversions of ${target.name}`, () => {
	const shown = async (microversion?: string) => {
		const reply = await nova('GET', `/servers/${server}`, { microversion });
		expect(reply.status).toBe(200);
		expect(reply.headers['openstack-api-version']).toBe(`compute ${microversion ?? '2.1'}`);
		expect(reply.headers['x-openstack-nova-api-version']).toBe(microversion ?? '2.1');
		return pick(reply.json, 'server') as Record<string, unknown>;
	};

	beforeAll(async () => await makeStopped());

	test('locked shows from 2.9 on', async () => {
		await act(server, { lock: null });

		expect(await shown()).not.toHaveProperty('locked');
		expect(await shown('2.8')).not.toHaveProperty('locked');
		expect(await shown('2.9')).toHaveProperty('locked', true);

		await act(server, { unlock: null });
		expect(await shown('2.9')).toHaveProperty('locked', false);
	});

	test('tags show, can be set and can be asked for from 2.26 on', async () => {
		const tags = ['contract=yes', 'group-a'];
		const path = `/servers/${server}/tags`;
		expectFault(
			await nova('PUT', path, { body: { tags } }),
			404,
			'itemNotFound',
			'The resource could not be found.',
		);
		expect((await nova('PUT', path, { body: { tags }, microversion: '2.26' })).json).toEqual({
			tags,
		});

		expect(await shown('2.25')).not.toHaveProperty('tags');
		expect(await shown('2.26')).toHaveProperty('tags', tags);
		const by = async (query: string, microversion: string) =>
			idsIn(await nova('GET', `/servers?${query}`, { microversion }));
		expect(await by('tags=contract%3Dyes,group-a', '2.26')).toEqual([server]);
		expect(await by('tags=contract%3Dyes,nothing', '2.26')).toEqual([]);
		expect(await by('tags-any=contract%3Dyes,nothing', '2.26')).toEqual([server]);
		expect(await by('not-tags=group-a', '2.26')).not.toContain(server);
		expect(await by('not-tags=group-a,nothing', '2.26')).toContain(server);
		expect(await by('not-tags-any=group-a,nothing', '2.26')).not.toContain(server);
		expect((await by('tags=contract%3Dyes', '2.25')).length).toBeGreaterThan(1);

		expect((await nova('DELETE', path, { microversion: '2.26' })).status).toBe(204);
		expect(await shown('2.26')).toHaveProperty('tags', []);
	});

	test('from 2.47 on the flavor has no id', async () => {
		expect(pick(await shown('2.46'), 'flavor')).toHaveProperty('id');
		expect(pick(await shown('2.47'), 'flavor')).not.toHaveProperty('id');
	});

	test('the older header works as well', async () => {
		const reply = await nova('GET', `/servers/${server}`, {
			headers: { 'X-OpenStack-Nova-API-Version': '2.9' },
		});

		expect(pick(reply.json, 'server')).toHaveProperty('locked', false);
	});

	test('under /v2 there are none', async () => {
		const reply = await nova('GET', `/servers/${server}`, {
			root: `/v2/${account.projectId}`,
			microversion: '2.26',
		});

		expect(reply.status).toBe(200);
		expect(pick(reply.json, 'server')).not.toHaveProperty('locked');
		expect(reply.headers).not.toHaveProperty('openstack-api-version');
	});

	test('from 2.75 on a filter that Nova does not know is a bad request', async () => {
		expect((await nova('GET', '/servers?ids=a', { microversion: '2.74' })).status).toBe(200);
		expect((await nova('GET', '/servers?ids=a', { microversion: '2.75' })).status).toBe(400);
	});

	test('one that is too new is not acceptable', async () => {
		const reply = await nova('GET', `/servers/${server}`, { microversion: '2.999' });

		expect(reply.status).toBe(406);
		expect(pick(reply.json, 'computeFault', 'message')).toMatch(
			/^Version 2\.999 is not supported by the API\. Minimum is 2\.1 and maximum is 2\.\d+\.$/,
		);
	});

	test('one that is none is a bad request', async () => {
		expectFault(
			await nova('GET', `/servers/${server}`, { microversion: 'abc' }),
			400,
			'badRequest',
			'API Version String abc is of invalid format. Must be of format MajorNum.MinorNum.',
		);
	});
});
