/** What is published brings nothing along: the package has no runtime dependencies. */
import { loadsOfDist, manifest, scriptsOfDist } from '../harness/built';

test('the package has no dependencies but the n8n that it runs in', () => {
	const { dependencies, optionalDependencies, bundledDependencies, peerDependencies, files } =
		manifest();

	expect(dependencies ?? {}).toEqual({});
	expect(optionalDependencies ?? {}).toEqual({});
	expect(bundledDependencies ?? []).toEqual([]);
	expect(peerDependencies).toEqual({ 'n8n-workflow': '*' });
	expect(files).toEqual(['dist']);
});

test('what is built loads n8n-workflow, crypto and its own files, and nothing else', () => {
	const allowed = ['n8n-workflow', 'crypto', 'node:crypto'];

	const loads = loadsOfDist();

	expect(scriptsOfDist().length).toBeGreaterThan(10);
	expect(loads.filter(({ what }) => what === 'n8n-workflow')).not.toEqual([]);
	expect(loads.filter(({ what, inside }) => !inside && !allowed.includes(what))).toEqual([]);
});
