import type { ReactNode } from 'react';
import { Icon, type IconName } from './icon.tsx';

type Props = { readonly icon: IconName; readonly title: string; readonly children?: ReactNode };

/** What stands where there is nothing yet. */
export function Empty({ icon, title, children }: Props) {
  return (
    <div className="empty">
      <Icon name={icon} />
      <h2>{title}</h2>
      {children && <p>{children}</p>}
    </div>
  );
}
