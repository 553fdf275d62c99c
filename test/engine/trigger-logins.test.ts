/** How the trigger proves who asks, poll after poll: it never locks a user out. */
import { edit, openAccounts } from '../harness/accounts';
import { addRunning } from '../harness/world';
import { count } from './logins';

jest.setTimeout(60_000);

type Accounts = Awaited<ReturnType<typeof openAccounts>>;
type Store = ReturnType<Accounts['byPassword']>;

const REFUSED = { message: expect.stringContaining('refused') };

/** A trigger that has taken stock of one server, which dies when it is told to. */
async function watching(storeOf: (accounts: Accounts) => Store) {
	const accounts = await openAccounts({ stopSeconds: 0 });
	const { cloud } = accounts;
	const [id] = addRunning(cloud, 1);
	const store = storeOf(accounts);
	const trigger = accounts.publish(store);
	await trigger.activate();
	const die = () => cloud.server(id)?.guestOff(cloud.now);
	return { ...accounts, store, trigger, die };
}

test('a login lasts from poll to poll', async () => {
	const { trigger, die, cloud } = await watching(({ byPassword }) => byPassword());
	await trigger.poll();
	die();

	expect(await trigger.poll()).toHaveLength(1);
	expect(count(cloud, 'login 201')).toBe(1);
});

test('an expired token is renewed once, and nobody notices', async () => {
	const { trigger, die, cloud } = await watching(({ byPassword }) => byPassword());
	cloud.expireTokens();
	die();

	expect(await trigger.poll()).toHaveLength(1);
	expect(await trigger.poll()).toBeNull();
	expect(count(cloud, 'login 201')).toBe(2);
});

test('a password that was changed in the cloud is refused once, until it is corrected', async () => {
	const { trigger, die, cloud, store } = await watching(({ byPassword }) => byPassword());
	cloud.expireTokens();
	cloud.user.password = 'CANARYpass-new';
	die();

	await expect(trigger.poll()).rejects.toMatchObject(REFUSED);
	for (let polls = 0; polls < 5; polls += 1) expect(await trigger.poll()).toBeNull();
	expect(count(cloud, 'login 401')).toBe(1);

	Object.assign(store, edit(store, { password: 'CANARYpass-new' }));
	expect(await trigger.poll()).toHaveLength(1);
});

test('a wrong password refuses the activation, and each by hand tries once', async () => {
	const { byPassword, publish, cloud } = await openAccounts();
	const trigger = publish(byPassword({ password: 'CANARYpass-wrong' }));

	await expect(trigger.activate()).rejects.toMatchObject(REFUSED);
	await expect(trigger.activate()).rejects.toMatchObject(REFUSED);
	await expect(trigger.fetchTestEvent()).rejects.toMatchObject(REFUSED);
	expect(count(cloud, 'login 401')).toBe(3);
});

test('an access key signs each poll, and a refused one is not tried again', async () => {
	const { trigger, die, cloud } = await watching(({ byAccessKey }) => byAccessKey());
	die();
	expect(await trigger.poll()).toHaveLength(1);
	cloud.accessKey.secretKey = 'CANARYsecretkey-new';

	const told = [];
	for (let polls = 0; polls < 5; polls += 1) {
		told.push(await trigger.poll().catch(({ message }) => message));
	}
	expect(told.filter(Boolean)).toEqual([expect.stringContaining('refused')]);
	expect(count(cloud, 'list 401')).toBe(1);
});
