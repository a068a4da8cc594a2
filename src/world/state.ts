/** State classes, for those who keep state in a world's arena from outside the models. */
export { flag, type Flag, state, type StateOf, type Word, word } from '../arena/state.ts';
