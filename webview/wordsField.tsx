/** A box for words that choose what is listed below it. */
import type { ComponentChildren, JSX } from 'preact';
import { useRef } from 'preact/hooks';
import { Icon, IconButton } from './icons.tsx';

interface WordsFieldProps {
  readonly words: string;
  readonly placeholder: string;
  readonly label: string;
  /** Of the button that empties it, as Escape does. */
  readonly clearLabel: string;
  readonly onInput: (words: string) => void;
  readonly onClear: () => void;
  readonly onKeyDown?: (event: KeyboardEvent) => void;
  /** What stands behind the words, where there are any. */
  readonly children?: ComponentChildren;
}

export function WordsField(props: WordsFieldProps): JSX.Element {
  const { words, placeholder, label, clearLabel, onInput, onClear, onKeyDown, children } = props;
  const input = useRef<HTMLInputElement>(null);
  return (
    <div class="filter" role="search">
      <Icon name="search" />
      <input
        ref={input}
        type="text"
        value={words}
        placeholder={placeholder}
        aria-label={label}
        onInput={({ currentTarget }) => {
          onInput(currentTarget.value);
        }}
        onKeyDown={(event) => {
          onKeyDown?.(event);
          if (event.key !== 'Escape' || words === '') return;
          event.preventDefault();
          onClear();
        }}
      />
      {words !== '' && (
        <>
          {children}
          <IconButton
            icon="close"
            label={clearLabel}
            onClick={() => {
              onClear();
              // The button goes with the words, and the focus would with it.
              input.current?.focus();
            }}
          />
        </>
      )}
    </div>
  );
}
