declare module "*.css" {
  const text: string;
  export default text;
}

/** Names the build: both files of one build carry the same. */
declare const BUILD: string;
