import { useRef } from 'react';
import type { DemoPerson } from '../../demo-config.ts';
import { hashOf } from '../place.ts';
import { Avatar } from '../ui/avatar.tsx';
import { Brand } from '../ui/brand.tsx';
import { useFocusOnEntering } from '../ui/use-focus-on-entering.ts';

const ROLES: Readonly<Record<DemoPerson['role'], string>> = {
  client: 'Client',
  business: 'Business owner',
  therapist: 'Therapist',
  admin: 'Support',
};

/** Who would you like to be? Each person is a link, so that another tab can be somebody else. */
export function SignIn({ people }: { readonly people: readonly DemoPerson[] }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useFocusOnEntering(heading);
  return (
    <main className="sign-in">
      <div className="sign-in-card">
        <Brand />
        <h1 ref={heading} tabIndex={-1}>
          Who would you like to be?
        </h1>
        <p className="lead">
          Sign in as one of the sample people. Open a second window as somebody else, and let them talk.
        </p>
        <ul className="people">
          {people.map((person) => (
            <li key={person.userId}>
              <a className="person" href={`#${hashOf({ userId: person.userId })}`}>
                <Avatar userId={person.userId} name={person.name} />
                <span className="person-words">
                  <strong>{person.name}</strong>
                  <span className="about">{person.about}</span>
                </span>
                <span className="role">{ROLES[person.role]}</span>
              </a>
            </li>
          ))}
        </ul>
      </div>
    </main>
  );
}
