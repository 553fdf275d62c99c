import {
	hintByPolicy,
	permissionsToRead,
	permissionTo,
} from '../../../../nodes/cloud/words/permissions';

const BY_NOVA = { message: '' };
const BY_ECS_V1 = { message: '', permissions: 'ecs:cloudServers' } as const;

describe('the permission that is missing is one of the API that was asked', () => {
	test('for an action', () => {
		expect(permissionTo('start', BY_NOVA)).toBe('ecs:servers:start');
		expect(permissionTo('start', BY_ECS_V1)).toBe('ecs:cloudServers:start');
	});

	test('for reading', () => {
		expect(permissionsToRead(BY_NOVA)).toBe('ecs:servers:get, ecs:servers:list');
		expect(permissionsToRead(BY_ECS_V1)).toBe('ecs:cloudServers:showServer, ecs:cloudServers:list');
	});
});

describe('a policy that forbids something', () => {
	test('is for the administrator of the account', () => {
		expect(hintByPolicy({ message: '', code: 'Pdp.0001' }, 'ecs:servers:start')).toBe(
			'A policy of the account forbids this: ask its administrator for ecs:servers:start',
		);
	});

	test.each([undefined, 'Pdp.00011', 'XPdp.0001'])(
		'has a code of its own, which is not %s',
		(code) => {
			expect(hintByPolicy({ message: '', code }, 'ecs:servers:start')).toBeUndefined();
		},
	);
});
