import { type Filters, matches, toQuery } from '../../../../nodes/cloud/servers/filters';
import { server } from '../../servers';
import { toServer } from '../../../../nodes/cloud/api/server';

const fits = (filters: Filters, more: Record<string, unknown> = {}) => {
	const json = server(1, more);
	const read = toServer(json);
	if (!read) throw new Error('Not a server');
	return matches({ kind: 'row', server: read, json }, filters);
};

describe('what is left to the cloud', () => {
	test.each<[string, Filters, Record<string, string>]>([
		['nothing', {}, {}],
		['a plain name', { name: 'web-1_A' }, { name: 'web-1_A' }],
		['the longest part of a name with signs', { name: 'a.web-1*x' }, { name: 'web-1' }],
		['no name of signs alone', { name: '.*' }, {}],
		['a status', { status: 'ACTIVE' }, { status: 'ACTIVE' }],
		['tags with a value', { tags: ['env=prod', 'a=b=c', 'x='] }, { tags: 'env=prod,a=b=c,x=' }],
		['no tag without a value', { tags: ['env'] }, {}],
		['no tag with signs', { tags: ['env=prod/1', '(x)=1', '=x'] }, {}],
		['of several tags the plain ones', { tags: ['env', 'a=b'] }, { tags: 'a=b' }],
		['no empty list of tags', { tags: [] }, {}],
	])('%s', (_, filters, query) => {
		expect(toQuery(filters)).toStrictEqual(query);
	});
});

describe('a server fits', () => {
	test.each<[string, Filters, Record<string, unknown>]>([
		['no filter at all', {}, {}],
		['a part of its name, in any case', { name: 'EB-1' }, {}],
		['its status', { status: 'ACTIVE' }, {}],
		['a tag with its value', { tags: ['env=prod'] }, { tags: ['env=prod'] }],
		['a key, whatever the value', { tags: ['env'] }, { tags: ['env=prod'] }],
		['a tag that is a bare word', { tags: ['env'] }, { tags: ['env'] }],
		['each of several tags', { tags: ['a', 'b=1'] }, { tags: ['b=1', 'a=2', 'c'] }],
	])('%s', (_, filters, more) => {
		expect(fits(filters, more)).toBe(true);
	});

	test.each<[string, Filters, Record<string, unknown>]>([
		['another name', { name: 'db' }, {}],
		['a name taken as a pattern', { name: 'web.1' }, {}],
		['a letter of a name where it has none', { name: 'e' }, { name: '' }],
		['another status', { status: 'SHUTOFF' }, {}],
		['another value', { tags: ['env=prod'] }, { tags: ['env=test'] }],
		['a key that another begins with', { tags: ['env'] }, { tags: ['environment=1'] }],
		['one tag of two', { tags: ['a', 'b'] }, { tags: ['a=1'] }],
		['a tag where the cloud shows none', { tags: ['a'] }, {}],
	])('not: %s', (_, filters, more) => {
		expect(fits(filters, more)).toBe(false);
	});
});
