import type { Fault } from '../api/answer';

/** The permission for an action by the API that was asked, as OTC and Huawei Cloud name it. */
export function permissionTo(verb: string, { permissions }: Fault): string {
	return `${permissions ?? 'ecs:servers'}:${verb}`;
}

/** The permissions for reading servers by the API that was asked. */
export function permissionsToRead({ permissions }: Fault): string {
	return permissions === 'ecs:cloudServers'
		? 'ecs:cloudServers:showServer, ecs:cloudServers:list'
		: 'ecs:servers:get, ecs:servers:list';
}

/** Who can give `permissions` where a policy denies them (OTC ECS API reference, "Error Codes"). */
export function hintByPolicy({ code }: Fault, permissions: string): string | undefined {
	if (code !== 'Pdp.0001') return undefined;
	return `A policy of the account forbids this: ask its administrator for ${permissions}`;
}
