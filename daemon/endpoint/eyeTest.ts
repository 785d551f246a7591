/** Whether a model sees what it is shown: two pictures of one colour each, and a question that only looking answers. Pure. */
import { picturePart, textPart, type ChatMessage } from './chat.ts';

/** 112 × 112 pixels, as large as the models need that cut pictures into patches. @source `ffmpeg -f lavfi -i color=c=0xc02020:s=112x112 -frames:v 1 -q:v 8`, and 0x2020c0 */
const red =
  '/9j/4AAQSkZJRgABAgAAAQABAAD//gAQTGF2YzU5LjM3LjEwMAD/2wBDAAgQEBMQExYWFhYWFhoYGhsbGxoaGhobGxsdHR0iIiIdHR0bGx0dICAiIiUmJSMjIiMmJigoKDAwLi44ODpFRVP/xABNAAEBAAAAAAAAAAAAAAAAAAAABgEBAQEAAAAAAAAAAAAAAAAAAAUHEAEAAAAAAAAAAAAAAAAAAAAAEQEAAAAAAAAAAAAAAAAAAAAA/8AAEQgAcABwAwEiAAIRAAMRAP/aAAwDAQACEQMRAD8AjwERqAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAD//2Q==';
const blue =
  '/9j/4AAQSkZJRgABAgAAAQABAAD//gAQTGF2YzU5LjM3LjEwMAD/2wBDAAgQEBMQExYWFhYWFhoYGhsbGxoaGhobGxsdHR0iIiIdHR0bGx0dICAiIiUmJSMjIiMmJigoKDAwLi44ODpFRVP/xABNAAEBAAAAAAAAAAAAAAAAAAAABwEBAQEAAAAAAAAAAAAAAAAAAAQHEAEAAAAAAAAAAAAAAAAAAAAAEQEAAAAAAAAAAAAAAAAAAAAA/8AAEQgAcABwAwEiAAIRAAMRAP/aAAwDAQACEQMRAD8AmIDUEQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAD//2Q==';

const question = 'Is this picture red? Answer with one word: yes or no.';

/** Asks of a red picture, and of a blue one, whether it is red. */
export const eyeTest = { red: questionAbout(red), blue: questionAbout(blue) };

/** The same without a picture, for a model that takes none. */
export const wordTest: readonly ChatMessage[] = [
  { role: 'user', content: [textPart('Is blood red? Answer with one word: yes or no.')] },
];

function questionAbout(picture: string): readonly ChatMessage[] {
  return [{ role: 'user', content: [picturePart(picture), textPart(question)] }];
}
