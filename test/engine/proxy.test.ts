import { openWorld } from '../harness/world';
import { openProxy } from './proxy';

/** What n8n's own request helper makes of a proxy that does not let the node through. */

const ID = '11111111-2222-4333-8444-555555555555';

test.each([
	['403', 'HTTP/1.1 403 Forbidden\r\n\r\n', /proxy or firewall/],
	['407', 'HTTP/1.1 407 Proxy Authentication Required\r\n\r\n', /proxy.*login of its own/],
	['503', 'HTTP/1.1 503 Service Unavailable\r\n\r\n', /proxy or firewall/],
])('a proxy that answers CONNECT with %s is named', async (_, answer, why) => {
	const proxy = await openProxy(answer);
	const { start } = await openWorld();
	const credential = { ecsEndpoint: 'https://nova.example.com' };
	const { failures } = await proxy.use(() => start([ID], { credential, options: { maxTries: 1 } }));
	expect(failures).toHaveLength(1);
	expect(failures[0].reason).toBe('unreachable');
	expect(failures[0].message).toMatch(why);
	expect(proxy.connects()).toBe(1);
});
