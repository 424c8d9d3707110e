import { Icon } from './icon.tsx';

/** That something did not work, in a sentence. */
export function ErrorNotice({ text }: { readonly text: string }) {
  return (
    <p className="error-notice" role="alert">
      <Icon name="warning" />
      {text}
    </p>
  );
}
