import { header, isBlank, isHtml, isObject } from '../../../../nodes/cloud/api/answer';
import { answered, HTML_502 } from '../../answers';

test.each([
	['text', 'a', 'a'],
	['the first of several', ['a', 'b'], 'a'],
	['empty text', '', undefined],
	['no text', 7, undefined],
	['an empty list', [], undefined],
	['nothing', undefined, undefined],
])('a header that holds %s', (_, value, expected) => {
	expect(header(answered(200, '', { name: value }), 'name')).toBe(expected);
});

test.each([[undefined], [null], [''], [' \r\n\t']])('%j says nothing', (body) => {
	expect(isBlank(body)).toBe(true);
});

test.each([['x'], [{}], [[]], [0], [false]])('%j says something', (body) => {
	expect(isBlank(body)).toBe(false);
});

test.each([HTML_502, '<!doctype html>', '\n <HTML>', '<head>', '<body>', '<?xml version="1.0"?>'])(
	'%j is a page',
	(body) => {
		expect(isHtml(body)).toBe(true);
	},
);

test.each([['OK'], ['a < b'], [''], [{}], [undefined]])('%j is no page', (body) => {
	expect(isHtml(body)).toBe(false);
});

test('an object is neither null nor a list', () => {
	expect([{}, null, [], 'x', 7, undefined].map(isObject)).toEqual([
		true,
		false,
		false,
		false,
		false,
		false,
	]);
});
