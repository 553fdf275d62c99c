/** Which credential type each value of the parameter `authentication` stands for. */
export const CREDENTIAL_TYPES: Readonly<Record<string, string>> = {
	token: 'elasticCloudServerTokenApi',
};
