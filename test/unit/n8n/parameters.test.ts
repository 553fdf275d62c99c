import {
	asSwitch,
	InvalidValue,
	messageOf,
	readCollection,
	readSwitch,
} from '../../../nodes/n8n/parameters';
import { contextWith } from '../context';

describe('a switch', () => {
	test.each([true, 'true', ' True '])('%j is on', (value) => {
		expect(asSwitch(value, 'Forceful')).toBe(true);
	});

	test.each([false, 'false', ' FALSE'])('%j is off', (value) => {
		expect(asSwitch(value, 'Forceful')).toBe(false);
	});

	test.each([undefined, null, '', 0, 1, 'yes', [], {}])(
		'%j is neither, and the message names the field',
		(value) => {
			expect(() => asSwitch(value, 'Forceful')).toThrow(InvalidValue);
			expect(() => asSwitch(value, 'Forceful')).toThrow("'Forceful' must be true or false");
		},
	);

	test('is that of its item', () => {
		const context = contextWith({ forceful: [true, false] });
		const on = [0, 1].map((item) => readSwitch(context, item, 'forceful', 'Forceful', false));
		expect(on).toEqual([true, false]);
	});

	test.each([true, false])('is its preset in a workflow saved without it: %s', (preset) => {
		expect(readSwitch(contextWith({}), 0, 'forceful', 'Forceful', preset)).toBe(preset);
	});

	test('is not its preset where an expression gave nothing', () => {
		const context = contextWith({ forceful: undefined });
		expect(() => readSwitch(context, 0, 'forceful', 'Forceful', false)).toThrow(InvalidValue);
	});
});

describe('a collection', () => {
	test('is that of its item', () => {
		const context = contextWith({ filters: [{ name: 'a' }, { name: 'b' }] });
		expect(readCollection(context, 1, 'filters', 'Filters')).toEqual({ name: 'b' });
	});

	test('is empty in a workflow saved without it', () => {
		expect(readCollection(contextWith({}), 0, 'filters', 'Filters')).toEqual({});
	});

	test.each([undefined, null, '', 'web', 7, true])('may not be %j', (value) => {
		const read = () => readCollection(contextWith({ filters: value }), 0, 'filters', 'Filters');
		expect(read).toThrow(new InvalidValue("'Filters' must be an object"));
	});
});

test('what is wrong with a value comes with what to do', () => {
	expect(new InvalidValue('No').hint).toMatch(/^Correct the value; .*expression/);
	expect(new InvalidValue('No', 'Say yes').hint).toBe('Say yes');
});

test('an error says its message, and whatever else is thrown says itself', () => {
	expect(messageOf(new Error('boom'))).toBe('boom');
	expect(messageOf(new Error('No such credential.'))).toBe('No such credential');
	expect(messageOf('boom')).toBe('boom');
	expect(messageOf(undefined)).toBe('undefined');
});
