export { type App, type AppOptions, createApp } from './app.ts';
export {
  type Application,
  type ApplicationConfig,
  type Config,
  checkConfig,
  defineConfig,
  loadApplications,
  readSettings,
  type Settings,
  SettingsError,
} from './config.ts';
