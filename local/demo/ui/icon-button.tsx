import type { ComponentProps } from 'react';
import { Icon, type IconName } from './icon.tsx';

type Props = ComponentProps<'button'> & { readonly icon: IconName; readonly label: string };

/** A button that is a drawing: its label is what is read out, and what hovering shows. */
export function IconButton({ icon, label, className = '', children, ...more }: Props) {
  return (
    <button type="button" {...more} className={`icon-button ${className}`} aria-label={label} title={label}>
      <Icon name={icon} />
      {children}
    </button>
  );
}
