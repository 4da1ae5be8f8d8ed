/** The same on the other hosts. */
import './combinations.test.ts'
