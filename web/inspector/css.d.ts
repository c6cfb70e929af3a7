/** The bundler provides style sheets and pages as text. */
declare module '*.css' {
    const text: string;
    export default text;
}
declare module '*.html' {
    const text: string;
    export default text;
}
