import { holdUnderFaults } from "./seeds";

// In a file of its own: files run side by side.
holdUnderFaults(101, 100);
