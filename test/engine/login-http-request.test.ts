/**
 * The credential in n8n's own HTTP Request node: there, too, it logs in by itself.
 */
import { expectCleanLog, openAccounts } from '../harness/accounts';
import { addServers } from '../harness/world';

jest.setTimeout(60_000);
afterAll(() => expectCleanLog());

test.concurrent('in the HTTP Request node: a list with a query, then a start', async () => {
	const { cloud, byPassword, request, url, books } = await openAccounts();
	const [id] = addServers(cloud, 3);
	const store = byPassword();
	const base = `${url}/v2.1/${cloud.project.id}/servers`;

	const list = await request(store, { method: 'GET', uri: `${base}/detail`, qs: { limit: 2 } });
	const start = await request(store, {
		method: 'POST',
		uri: `${base}/${id}/action`,
		body: { 'os-start': {} },
	});

	expect(list.answer).toMatchObject({ statusCode: 200 });
	expect((list.answer?.body as { servers: object[] }).servers).toHaveLength(2);
	expect(start.answer).toMatchObject({ statusCode: 202 });
	expect(books()).toEqual({ 'login 201': 1, 'list 200': 1, 'start 202': 1 });
});

test.concurrent('in the HTTP Request node: a session that has run out is renewed', async () => {
	const { cloud, byPassword, request, url, books } = await openAccounts();
	const store = byPassword();
	const list = { method: 'GET', uri: `${url}/v2.1/${cloud.project.id}/servers` };
	await request(store, list);
	cloud.expireTokens();

	const { answer } = await request(store, list);

	expect(answer).toMatchObject({ statusCode: 200 });
	expect(books()).toEqual({ 'login 201': 2, 'list 200': 2, 'list 401': 1 });
});

test.concurrent('in the HTTP Request node: a refused login is not tried on and on', async () => {
	const { cloud, byPassword, request, url } = await openAccounts();

	const { status } = await request(byPassword({ password: 'wrong-CANARYpass' }), {
		method: 'GET',
		uri: `${url}/v2.1/${cloud.project.id}/servers`,
	});

	expect(status).toBe('error');
	// n8n's legacy helper, which that node uses, begins all anew after any error.
	expect(cloud.requests.count('login')).toBeLessThanOrEqual(2);
	expect(cloud.requests.total).toBe(cloud.requests.count('login'));
});
