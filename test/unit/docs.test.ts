/** The pages that users read: README, CHANGELOG and docs/. */
import { anchorsOf, deadLinksOf, pages, read, sizeOf } from '../../tools/pages';

test.each(pages())('each link of %s into the repository leads to a page and a heading', (page) => {
	expect(deadLinksOf(page)).toEqual([]);
});

test('the README is at most 14 kB', () => {
	expect(sizeOf('README.md')).toBeLessThanOrEqual(14 * 1024);
});

test('the README has at most four pictures', () => {
	expect(read('README.md').match(/<img /g)?.length).toBeLessThanOrEqual(4);
});

test('the README has the heading that the credentials link to', () => {
	expect(anchorsOf('README.md')).toContain('credentials');
});
