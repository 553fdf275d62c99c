import { nearNamesAmong } from '../../../../nodes/n8n/server/near-names';

test.each<[what: string, wanted: string, names: string[], near: string[]]>([
	[
		'those that begin with it, the shortest first',
		'web',
		['web-10', 'db', 'web-1'],
		['web-1', 'web-10'],
	],
	['the same in other letters', 'WEB-1', ['db-1', 'web-1'], ['web-1']],
	['the same with other signs between', 'web 01', ['web-1', 'web_01'], ['web_01']],
	['those that hold it', 'web', ['my-web', 'db'], ['my-web']],
	['those that it holds', 'the server web-1', ['web-1', 'db-1'], ['web-1']],
	['the likeliest first', 'web', ['my-web', 'web-10', 'Web'], ['Web', 'web-10', 'my-web']],
	['in any script', 'Müller', ['müller-1', 'muller'], ['müller-1']],
	['none like a short name that it holds by chance', 'web-1', ['w', 'eb'], []],
	['none like others', 'web', ['db-1', 'cache'], []],
	['none like what is no word', '**', ['web', 'db'], []],
	['none like a name without a word', 'web', ['--'], []],
])('%s: %s', (_, wanted, names, near) => {
	expect(nearNamesAmong(names)(wanted)).toEqual(near);
});

test('each name of a project is read once, however many are looked for', () => {
	const read = jest.fn(() => 'web-1');
	const names = { toLowerCase: read } as unknown as string;
	const near = nearNamesAmong([names]);
	for (const wanted of ['a', 'b', 'c']) near(wanted);
	expect(read).toHaveBeenCalledTimes(1);
});
